"""Parameters that the chapters share."""

from __future__ import annotations

from typing import Any

from recorder.session import Params

NAMESPACE = "Microsoft.ContainerService"
PROVIDER: Params = {"namespace": NAMESPACE}
FEATURE: Params = {"namespace": NAMESPACE, "name": "KubeProxyConfigurationPreview"}

# Another subscription, whose name a shell would have to quote.
DEV = "Pay-As-You-Go (dev)"

IPTABLES: Params = {"mode": "IPTABLES"}
NFTABLES: Params = {"mode": "NFTABLES"}
IPVS: Params = {"mode": "IPVS"}
DISABLED: Params = {"enabled": False}


def cluster(name: str, group: str = "rg", **more: Any) -> Params:
    """Parameters that name a cluster, with more."""
    return {"resourceGroup": group, "name": name, **more}


def tuned(scheduler: str, **timeouts: int) -> Params:
    """An IPVS document."""
    return {"enabled": True, "mode": "IPVS", "ipvsConfig": {"scheduler": scheduler, **timeouts}}
