# Two commands: `make demo` and `make test`. Needs git, make and python3 (>= 3.9); everything else comes into .uv and .venv.
UV := $(or $(shell command -v uv),.uv/bin/uv)
MESSAGES := $(wildcard src/staydown/locale/*/LC_MESSAGES/*.po)
KERNEL := setup.py $(wildcard src/staydown/*/kernel/*.[ch])
sorry = { echo "staydown: $(1)" >&2; exit 1; }
.PHONY: demo test check soak bench bench-films bench-fingerprints browser pictures

demo: .venv/.ready
	@.venv/bin/staydown demo $(if $(STORY),--story)

test: .venv/.ready browser
	@.venv/bin/pytest -n 2 -q -m "not soak"

soak: .venv/.ready browser
	@.venv/bin/pytest -q -m soak

# What is promised, and side by side with what else one could install, in a room of its own: 20 minutes, with
# SIZES="100000 1000000 10000000" 45 and 12 GB.
bench: .venv/.ready
	@.venv/bin/python bench/hold.py
	@$(UV) venv -q --allow-existing -p .venv/bin/python .bench/venv
	@$(UV) pip install -q -p .bench/venv -r bench/requirements.txt
	@.venv/bin/python -m bench.real $(SIZES)
	@PYTHONPATH=src .bench/venv/bin/python bench/matching.py $(SIZES)
	@$(MAKE) -s bench-films bench-fingerprints

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

check: .venv/.ready
	@tools/check

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
	@.venv/bin/python tools/first_journey.py
