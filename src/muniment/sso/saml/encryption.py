"""Encrypted assertions (XML Encryption 1.1), opened with our own key."""

import xmlsec
from lxml import etree

from muniment.sso.saml.errors import Refusal, SamlError
from muniment.sso.saml.parsing import DS, SAML, XENC, parse_message

_OAEP = {"http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p", "http://www.w3.org/2009/xmlenc11#rsa-oaep"}
_AES = {f"http://www.w3.org/2001/04/xmlenc#aes{size}-cbc" for size in (128, 192, 256)} | {
    f"http://www.w3.org/2009/xmlenc11#aes{size}-gcm" for size in (128, 192, 256)
}
_ELEMENT = "http://www.w3.org/2001/04/xmlenc#Element"


def opened(root: etree._Element, key: str | None) -> etree._Element:
    """The response with its one encrypted assertion in clear: parsed anew, by every rule of `parsing`.

    `root` is used up. Raises SamlError: DECRYPTION for whatever goes wrong inside of the ciphertext.

    Attack stopped: an answer that tells a forged ciphertext with good padding from one with bad padding, which opens
    AES-CBC bit by bit. Residue accepted: the two may differ by how long they take, and CBC is what most providers use.
    """
    encrypted = root.find(f"{SAML}EncryptedAssertion")
    if encrypted is None or key is None:
        raise SamlError(Refusal.DECRYPTION)
    data = _data_with_key(encrypted)
    context = xmlsec.EncryptionContext(_keys(key))
    try:
        clear = context.decrypt(data)
    except (xmlsec.Error, etree.LxmlError, ValueError, TypeError):
        raise SamlError(Refusal.DECRYPTION) from None
    if clear.tag != f"{SAML}Assertion":
        raise SamlError(Refusal.DECRYPTION)
    root.replace(encrypted, clear)
    try:
        return parse_message(etree.tostring(root))
    except SamlError:
        raise SamlError(Refusal.DECRYPTION) from None


def _keys(key: str) -> xmlsec.KeysManager:
    manager = xmlsec.KeysManager()
    manager.add_key(xmlsec.Key.from_memory(key, xmlsec.constants.KeyDataFormatPem))
    return manager


def _data_with_key(encrypted: etree._Element) -> etree._Element:
    """The EncryptedData, with the one encrypted key put into it, wherever it lay; both by allowed algorithms.

    Attack stopped: RSA with PKCS #1 v1.5 padding, by which whoever may ask often enough reads the key (Bleichenbacher);
    CipherReference and RetrievalMethod, which make the server fetch an address of the sender's choice.
    """
    data = encrypted.findall(f"{XENC}EncryptedData")
    keys = list(encrypted.iter(f"{XENC}EncryptedKey"))
    if len(data) != 1 or len(keys) != 1 or next(encrypted.iter(f"{XENC}CipherReference"), None) is not None:
        raise SamlError(Refusal.SHAPE)
    if _algorithm(keys[0]) not in _OAEP or _algorithm(data[0]) not in _AES:
        raise SamlError(Refusal.ALGORITHM)
    if data[0].get("Type", _ELEMENT) != _ELEMENT:
        raise SamlError(Refusal.SHAPE)
    for old in (*data[0].findall(f"{DS}KeyInfo"), *keys[0].findall(f"{DS}KeyInfo")):
        _parent(old).remove(old)
    info = etree.Element(f"{DS}KeyInfo")
    info.append(keys[0])
    data[0].insert(1, info)
    data[0].set("Type", _ELEMENT)
    return data[0]


def _algorithm(element: etree._Element) -> str | None:
    method = element.find(f"{XENC}EncryptionMethod")
    return None if method is None else method.get("Algorithm")


def _parent(element: etree._Element) -> etree._Element:
    parent = element.getparent()
    if parent is None:
        raise SamlError(Refusal.SHAPE)
    return parent
