"""Everything a user can choose about one run of the simulator, with its defaults."""

from dataclasses import dataclass
from typing import Optional

ACCESS_KEY = "AKIDSIMULATOR"
SECRET_KEY = "simulator+secret/key+for+tests+only"


@dataclass
class Settings:
    """Times are in seconds; a port of 0 means any free one."""

    https_port: int = 0
    http_port: int = 0
    ingest_port: int = 0
    region: str = "us-west-2"
    account: str = "123456789012"
    access_key: str = ACCESS_KEY
    secret_key: str = SECRET_KEY
    session_token: str = ""  # not empty: every request must carry it
    directory: str = ""  # where certificates are kept; empty: a private temporary folder
    key_type: str = "ecdsa"
    certificate: str = "good"
    tls: str = "both"  # "1.2", "1.3" or "both"
    clock_skew: float = 0.0
    metadata_limit: bool = True
    enforce_rates: bool = False
    enforce_quotas: bool = False
    channel_quota: Optional[int] = None  # holds whether or not the published quotas do
    stream_quota: Optional[int] = None
    recording_delay: float = 0.5  # a new recording configuration is CREATING for this long
    random: Optional[int] = None  # the seed of random mode; None: off
    ingest_host: str = ""  # what channels name as their ingest endpoint; empty: localhost:PORT
    srt_host: str = ""  # what channels name as their SRT endpoint; empty: one that is not there
    ingest: bool = False  # nginx receives RTMP
    record: str = ""  # a folder where nginx keeps what it receives
    start_delay: float = 0.3  # from an encoder's connection to LIVE
    hold: float = 1.0  # from the end of the connection to the end of the stream
    starve_after: float = 3.0  # without media: health becomes STARVING
    idle_timeout: float = 60.0  # a kept connection without a request is closed
    static_keys: bool = True  # clients are told of access_key and secret_key
    lifetime: Optional[int] = None  # seconds; None: as each end of the credentials would have it
    sts_port: Optional[int] = None  # None, here and below: that end is not opened
    web_identity: bool = False  # clients are told of the web identity token
    container_port: Optional[int] = None
    container_token: str = ""  # not empty: the container endpoint asks for it
    imds_port: Optional[int] = None
    imds_v1: bool = False  # the metadata service answers without a session's token, too
    iot_port: Optional[int] = None
    device_key: str = "ecdsa"
    proxy_port: Optional[int] = None
    proxy_tls_port: Optional[int] = None
    proxy_user: str = ""  # USER:PASSWORD; not empty: the proxy asks for them
