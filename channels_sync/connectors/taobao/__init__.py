"""Taobao and Tmall: news wait in a message queue (TMC) and name the trade to fetch through the gateway (TOP)."""

from channels_sync.connectors.base import Ack, Connector, Option
from channels_sync.connectors.taobao.client import TaobaoClient
from channels_sync.connectors.taobao.normalize import normalize
from channels_sync.connectors.taobao.signing import classify, identify, verify

CONNECTOR = Connector(
    name="taobao",
    title="Taobao / Tmall",
    receiver_mode="platform_cipher",
    zone="Asia/Shanghai",
    currency="CNY",
    rate_per_minute=600,
    verify=verify,
    identify=identify,
    classify=classify,
    normalize=normalize,
    client=TaobaoClient,
    accepted=Ack(200, b'{"response":{"flag":"success","code":"0","message":""}}'),
    refused=Ack(401, b'{"response":{"flag":"failure","code":"sign-check-failure","message":"Illegal request"}}'),
    intake="queue",
    options=(
        Option("sign_method", "Signature method: md5, hmac or hmac-sha256", "hmac-sha256"),
        Option("group_name", "Message group", "default"),
    ),
)
