// Everything that Fairlead judges by, in the catalogue's order.

internal import FairleadModel

package enum Catalogue {
  /// Every entry in the catalogue's order, which decides between findings of one severity.
  ///
  /// The engine asks those that are rules. VAL-01, VAL-02 and VAL-04 refuse a document before there is a change to
  /// judge, TMO-08 cannot occur, NOOP-01 speaks where no rule may, and GATE-01 judges registrations.
  package static let entries: [any CatalogueEntry.Type] = [
    IPVSConfigOutsideIPVS.self,
    TimeoutNotPositive.self,
    KernelRefusesTimeouts.self,
    UnknownScheduler.self,
    NFTablesOnOldKubernetes.self,
    NFTablesOnOldKernel.self,
    IPVSModulesMissing.self,
    OldNftCrashes.self,
    IPVSOnOldKubernetes.self,
    IPVSDeprecated.self,
    UnsetModeBecomesNFTables.self,
    IPVSWithAzureNetworkPolicy.self,
    FelixNeedsSameBackend.self,
    FelixRestarts.self,
    KubeProxyBesideCilium.self,
    BriefInterruption.self,
    IptablesRulesStay.self,
    IPVSStateStays.self,
    EstablishedConnectionsBreak.self,
    EstablishedConnectionsSurvive.self,
    NFTablesRulesRemoved.self,
    SlowFirstSync.self,
    ClientIPAffinityLost.self,
    UDPFlowsMove.self,
    NodePortsOnPrimaryAddressOnly.self,
    LocalhostNodePortsStop.self,
    HostFirewallNotOpened.self,
    ConntrackSafeguardLost.self,
    UnusedClusterIPsRejected.self,
    ServiceIPsOnEveryNode.self,
    LocalTrafficPolicyDiffers.self,
    AddedRulesStopWorking.self,
    IdleConnectionsCut.self,
    IdleConnectionsForgottenSooner.self,
    TCPTimeoutLowered.self,
    RemovedTimeoutStays.self,
    FINTimeoutRaised.self,
    FINTimeoutTooShort.self,
    UDPTimeoutRaised.self,
    TimeoutsOutsideIPVS.self,
    SchedulerChanged.self,
    LeastConnectionUneven.self,
    NewPodsGetBurst.self,
    SchedulerLost.self,
    NodeByNodeRestart.self,
    PodsLeftAtWeightZero.self,
    MixedModesGetAlong.self,
    ServiceRulesFreeze.self,
    TwoServiceProxies.self,
    SettingsWithoutEffect.self,
    DisabledWithoutOwnCNI.self,
    SlowFirstPacket.self,
    NothingChanges.self,
    RegistrationEnds.self,
  ]

  /// The rules that the engine asks.
  package static let rules: [any Rule.Type] = entries.compactMap { $0 as? any Rule.Type }

  /// Grows with every change of what any rule says, so that a plan made under other rules is known to be stale.
  package static let version = "2026-11-23.1"

  package static let overridable: [String] = rules.filter { $0.isOverridable }.map { $0.id }
  package static let ids: [String] = rules.map { $0.id }
}
