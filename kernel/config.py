"""Settings: `JIAOJIE_*` variables of the environment, read once, each documented in docs/reference/settings.md."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Every setting of the product. The name of a field, upper case and prefixed, is the name of its variable."""

    home: Path = Path("~/.local/share/jiaojie")
    database_url: str = ""
    host: str = "127.0.0.1"
    port: int = 8080
    secret: str = ""
    demo_password: str = ""
    demo_people: int = 100
    demo_cases: bool = True
    trial: bool = False
    language: str = "zh-CN"
    zone: str = "Asia/Shanghai"
    organisation: str = "上海启明智能科技有限公司"
    public_url: str = ""
    upload_max_bytes: int = 20 * 1024 * 1024
    lease_seconds: int = 60
    poll_seconds: float = 1.0
    mail_url: str = ""
    mail_from: str = "hr@qiming.example"
    scim_url: str = ""
    scim_token: str = ""
    oa_url: str = ""
    oa_secret: str = ""
    crm_url: str = ""
    crm_token: str = ""
    finance_url: str = ""
    finance_token: str = ""
    assets_url: str = ""
    assets_token: str = ""
    sms_url: str = ""
    sms_token: str = ""
    outbound_timeout_seconds: float = 10.0
    tsa_urls: str = ""
    trust_roots: str = ""
    revocation_hosts: str = ""
    company_key: str = ""
    company_key_password: str = ""
    pkcs11_module: str = ""
    pkcs11_token: str = ""
    pkcs11_pin: str = ""
    pkcs11_label: str = ""
    csc_url: str = ""
    csc_token: str = ""
    csc_credential: str = ""
    csc_pin: str = ""
    licensed_url: str = ""
    licensed_app: str = ""
    licensed_secret: str = ""
    identity_url: str = ""
    identity_token: str = ""
    agreement_days: int = 15
    course_days: int = 14
    media_max_bytes: int = 500 * 1024 * 1024
    content_url: str = ""
    lrs_url: str = ""
    lrs_user: str = ""
    lrs_password: str = ""
    seal_name: str = ""
    publishers: str = "designer,admin"
    publish_approval: bool = False


SWITCH = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False, "": False}


def load(environ: Mapping[str, str] = os.environ) -> Settings:
    """Settings from the environment. Raises ValueError naming the variable whose text cannot be read."""
    values: dict[str, object] = {}
    for field in fields(Settings):
        name = f"JIAOJIE_{field.name.upper()}"
        if name in environ:
            values[field.name] = _read(name, environ[name], field.default)
    settings = Settings(**values)  # type: ignore[arg-type]  # each value was read after its field's own type
    return settings


def _read(name: str, text: str, default: object) -> object:
    kind = type(default)
    try:
        if kind is bool:
            return SWITCH[text.lower()]
        if isinstance(default, Path):
            return Path(text) if text else default  # an empty path would be the present folder
        return kind(text)  # type: ignore[call-arg]  # str, int and float all take one text
    except (KeyError, ValueError):
        raise ValueError(f"{name} is {text!r}, which is no {kind.__name__}. See docs/reference/settings.md.") from None
