// The list of all rules, in the order of the catalogue of facts. It is above the rules and the engine; neither knows it.

internal import FairleadModel

package enum Catalogue {
  /// Every entry, in the order that decides between findings of one severity.
  ///
  /// The engine asks those that are rules. The others are found elsewhere: VAL-01, VAL-02 and VAL-04 when a document is
  /// read, NOOP-01 where a change has no effect, and GATE-01 where a registration ends. TMO-08 cannot occur.
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

  /// The entries that the engine asks.
  package static let rules: [any Rule.Type] = entries.compactMap { $0 as? any Rule.Type }

  /// To be raised with every change of what any rule says: a plan remembers the version that it was judged under, and
  /// one of an older version is stale.
  package static let version = "2026-11-23.1"

  /// The ids of the rules that `--override` takes.
  package static let overridable: [String] = rules.filter { $0.isOverridable }.map { $0.id }
  /// The ids of the rules that the engine asks.
  package static let ids: [String] = rules.map { $0.id }

  /// The code with which AKS refuses what the rule of this id blocks; `nil` where none is known.
  package static func azureCode(of id: String) -> String? { rules.first { $0.id == id }?.azureCode }
}

extension Engine {
  /// An engine that asks every rule of the catalogue.
  package init() { self.init(rules: Catalogue.rules) }
}
