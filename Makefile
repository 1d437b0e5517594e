# Two commands: `make demo` and `make test`. Needs git, make and python3 (>= 3.9); everything else comes into .uv and .venv.
UV := $(or $(shell command -v uv),.uv/bin/uv)
MESSAGES := $(wildcard src/staydown/locale/*/LC_MESSAGES/*.po)
KERNEL := setup.py $(wildcard src/staydown/*/kernel/*.[ch])
sorry = { echo "staydown: $(1)" >&2; exit 1; }
.PHONY: demo test check release-check soak bench bench-matching bench-films bench-fingerprints bench-descriptors bench-fuzz bench-journal bench-recognition browser pictures bench-http bench-console device

demo: .venv/.ready
	@.venv/bin/staydown demo $(if $(STORY),--story)

test: .venv/.ready browser
	@PYTHONDONTWRITEBYTECODE= .venv/bin/pytest -n 4 -q -m "not soak"

soak: .venv/.ready browser
	@.venv/bin/pytest -q -m soak

# What is promised, and side by side with what else one could install, in a room of its own: 20 minutes, with
# SIZES="100000 1000000 10000000" 40 and 12 GB.
bench: .venv/.ready
	@.venv/bin/python bench/hold.py
	@$(MAKE) -s bench-matching SIZES="$(or $(SIZES),100000 1000000)"
	@$(MAKE) -s bench-http bench-films bench-fingerprints bench-descriptors bench-recognition

# 20 minutes, 12 GB and a quiet machine: every target of matching, at 100 thousand, 1 and 10 million (SIZES="20000" for less).
bench-matching: SIZES := $(or $(SIZES),100000 1000000 10000000)
bench-matching: .venv/.ready
	@$(UV) venv -q --allow-existing -p .venv/bin/python .bench/venv
	@$(UV) pip install -q -p .bench/venv -r bench/requirements.txt
	@.venv/bin/python -m bench.real $(SIZES)
	@PYTHONPATH=src .bench/venv/bin/python -m bench.matching $(SIZES)

# 10 minutes of two cores and 6 GB. The peer is not on PyPI: HMA=PATH names a checkout of facebook/ThreatExchange; without
# it only our own figures are printed (HTTP="--bank 100000 --seconds 3 ..." for less).
bench-http: .venv/.ready
	@$(UV) venv -q --allow-existing -p .venv/bin/python .bench/hma
	@$(UV) pip install -q -p .bench/hma -r bench/requirements-hma.txt
	@.venv/bin/python -m bench.http $(if $(HMA),--hma $(abspath $(HMA))) $(HTTP)

# 15 minutes of one core, 6 more the first time to make films; goes on where it stopped (FILMS="--seconds 300 --processes 2").
bench-films: .venv/.ready
	@-bench/vpdq-room
	@OPENBLAS_NUM_THREADS=1 .venv/bin/python -m bench.film $(FILMS)

# 45 minutes of two cores, 1 GB of downloads the first time (FINGERPRINTS="--recall-seconds 60 ..." for less).
bench-fingerprints: .venv/.ready
	@$(UV) venv -q --allow-existing -p .venv/bin/python .bench/venv
	@$(UV) pip install -q -p .bench/venv -r bench/requirements.txt
	@$(UV) venv -q --allow-existing -p 3.11 .bench/peers
	@$(UV) pip install -q -p .bench/peers -r bench/requirements-peers.txt
	@OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1 .venv/bin/python -m bench.fingerprints $(FINGERPRINTS)

# 2 minutes of one core, 5 more the first time to make descriptors (DESCRIPTORS="10000 1000000" for other sizes).
bench-descriptors: .venv/.ready
	@OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1 .venv/bin/python -m bench.descriptors_at_scale $(DESCRIPTORS)

# 4 minutes of one core, 1 GB of disk (ACTS="--acts 100000" for less).
bench-journal: .venv/.ready
	@.venv/bin/python -m bench.journal $(ACTS)

# 8 minutes of one core, 500 MB of downloads the first time (MOST=50 for fewer photographs). NudeNet is AGPL-3.0, and nsfwjs
# needs node: both only in rooms of the bench; without node that column is left out.
bench-recognition: .venv/.ready
	@$(UV) pip install -q --no-deps -p .venv/bin/python --target .bench/recognition -r bench/requirements-recognition.txt
	@$(UV) venv -q --allow-existing -p .venv/bin/python .bench/nudenet
	@$(UV) pip install -q -p .bench/nudenet nudenet==3.4.2
	@mkdir -p .bench/nsfwjs && cp bench/nsfwjs.json .bench/nsfwjs/package.json
	@-! command -v npm >/dev/null || npm install --prefix .bench/nsfwjs --ignore-scripts --no-audit --no-fund --silent
	@PYTHONPATH=.bench/recognition .venv/bin/python -m bench.recognition $(MOST)
# 5 minutes of one core (CONSOLE="--cases 5000 --requests 20" for less).
bench-console: .venv/.ready
	@.venv/bin/python -m bench.console $(CONSOLE)

# 10 minutes of one core; SECONDS=60 for less.
bench-fuzz: .venv/.ready
	@$(UV) pip install -q -p .venv/bin/python --target .bench/atheris atheris==3.1.0
	@PYTHONPATH=.bench/atheris .venv/bin/python -m bench.fuzz $(SECONDS)

# What looks on a person's own device, for services to serve: browser/README.md. 33 MB from the npm registry.
device: .venv/.ready
	@.venv/bin/python -m tools.device

check: .venv/.ready
	@tools/check

# Before a release: which of the numbers that people are shown are to be called.
release-check: .venv/.ready
	@.venv/bin/python tools/helplines.py

browser: .venv/.ready
	@tools/browser

.venv/.ready: requirements.lock pyproject.toml .python-version $(MESSAGES) $(KERNEL) | $(UV)
	@tools/room
	@$(UV) venv -q --allow-existing .venv || $(call sorry,Python $(shell cat .python-version) is not here and could not be downloaded. Install it$(comma) then run make again.)
	@$(UV) pip sync -q -p .venv --require-hashes requirements.lock || $(call sorry,the packages could not be fetched. Look at the lines above and the connection$(comma) then run make again.)
	@$(UV) pip install -q -p .venv --no-deps --no-build-isolation -e .
	@.venv/bin/python tools/messages.py compile
	@touch $@

.uv/bin/uv:
	@tools/get-uv
comma := ,

pictures: .venv/.ready browser
	@STAYDOWN_PICTURES=docs/pictures .venv/bin/pytest -q tests/stories -k sqlite
	@STAYDOWN_PICTURES=docs/pictures .venv/bin/pytest -q tests/authorities/test_dossiers.py tests/vault/evidence/test_exporting.py -k archive
	@.venv/bin/python tools/first_journey.py
	@.venv/bin/python tools/console_pictures.py
