"""The deployment's document key: it signs the report of a package, so that any PDF reader shows who made it (PAdES B-B).

ECDSA on P-256 with a certificate that signs itself. Which certificate is the deployment's, its journal says.
"""

import hashlib
import io
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta

from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko_certvalidator.registry import SimpleCertificateStore

ACT = "keys.document_signer"  # the journal's word for a certificate
YEARS = 10
FIELD = "Staydown"
NOWHERE = (
    -1,
    -1,
    -1,
    -1,
)  # beyond the page, without extent: no look (ISO 19005-2, 6.3.3), no tag (ISO 14289-1, 7.18.1)


class NoSigner(ValueError):
    """This is no document key of Staydown. `staydown keys document` writes one: a private key and its certificate, as PEM."""


@dataclass(frozen=True, slots=True)
class Signer:
    """A document key with its certificate (DER)."""

    key: ec.EllipticCurvePrivateKey
    certificate: bytes

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the certificate, in hex: what the journal has, and what a PDF reader shows."""
        return hashlib.sha256(self.certificate).hexdigest()

    def to_pem(self) -> bytes:
        """The private key, then the certificate."""
        form, kind = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
        certificate = x509.load_der_x509_certificate(self.certificate)
        return self.key.private_bytes(form, kind, serialization.NoEncryption()) + certificate.public_bytes(form)


def make(name: str, now: datetime) -> Signer:
    """A new key, and its certificate for so many `YEARS` in this name."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:64])])
    usage = dict.fromkeys(
        ("key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign", "crl_sign", "encipher_only",
         "decipher_only"), False,
    )  # fmt: skip
    certificate = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=365 * YEARS))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(digital_signature=True, content_commitment=True, **usage), critical=True)
        .sign(key, hashes.SHA256())
    )
    return Signer(key, certificate.public_bytes(serialization.Encoding.DER))


def read(pem: bytes) -> Signer:
    """The document key in a file's bytes. Raises `NoSigner`."""
    try:
        key = serialization.load_pem_private_key(pem, None)
        certificate = x509.load_pem_x509_certificate(pem)
    except (ValueError, TypeError) as error:
        raise NoSigner(NoSigner.__doc__) from error
    if not isinstance(key, ec.EllipticCurvePrivateKey) or key.public_key() != certificate.public_key():
        raise NoSigner(NoSigner.__doc__)
    return Signer(key, certificate.public_bytes(serialization.Encoding.DER))


class _WithItsMetadata(IncrementalPdfFileWriter):
    """Leaves the document's metadata as it is: written anew, it would not be what PDF/A wants of it."""

    def _update_meta(self) -> None:
        """Nothing."""


def sign(pdf: bytes, signer: Signer, reason: str) -> bytes:
    """The PDF with a signature that shows nowhere on its pages (PAdES B-B, added behind what is there)."""
    private = signer.key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    by = signers.SimpleSigner(
        signing_cert=asn1_x509.Certificate.load(signer.certificate),
        signing_key=asn1_keys.PrivateKeyInfo.load(private),
        cert_registry=SimpleCertificateStore(),  # type: ignore[no-untyped-call]  # its own constructor has no types
    )
    said = signers.PdfSignatureMetadata(
        field_name=FIELD, md_algorithm="sha256", subfilter=fields.SigSeedSubFilter.PADES, reason=reason
    )
    out, field = io.BytesIO(), fields.SigFieldSpec(FIELD, box=NOWHERE, readable_field_name=FIELD)
    with ThreadPoolExecutor(1) as alone:  # it runs an event loop, of which a thread has at most one
        written = _WithItsMetadata(io.BytesIO(pdf))
        alone.submit(signers.sign_pdf, written, said, by, new_field_spec=field, output=out).result()
    return out.getvalue()
