// What a command line is blamed for: the word that is wrong, with what was meant.

internal import Testing

@testable internal import FairleadCLI

@Suite("A mistake in the command line")
struct CommandLineMistakeTests {
  /// The failure of a command line that the parser does not take.
  private func blame(_ words: [String]) -> Failure? {
    CommandLineMistake.failure(of: words, showsHelp: false, in: Fairlead.self)
  }

  private func help(_ words: [String]) -> Failure? {
    CommandLineMistake.failure(of: words, showsHelp: true, in: Fairlead.self)
  }

  @Test(
    "a misspelt command is blamed, also where an option follows that only its command has",
    arguments: [
      (["shwo"], "fairlead show"), (["updat", "-g", "x", "-n", "y"], "fairlead update"),
      (["plan", "updte", "-g", "x"], "fairlead plan update"), (["-o", "json", "fetaure", "show"], "fairlead feature"),
      (["--socket=s", "what-if", "deleet", "--name", "x"], "fairlead what-if delete"),
    ])
  func misspelt(words: [String], guess: String) throws {
    let failure = try #require(blame(words))
    #expect(failure.status == .usage)
    #expect(failure.message.hasPrefix("cannot run 'fairlead "))
    #expect(failure.message.hasSuffix(": there is no such command; did you mean '\(guess)'?"))
  }

  @Test("a command that resembles none is blamed with what there is")
  func unknown() {
    #expect(
      blame(["aks", "nodepool", "list", "-g", "x"])
        == .usage(
          "cannot run 'fairlead aks nodepool': there is no such command",
          hints: ["'fairlead aks' has create, update, show, list, delete."]))
    #expect(
      blame(["apply", "-f", "x"])
        == .usage(
          "cannot run 'fairlead apply': there is no such command", hints: ["'fairlead --help' lists the commands."]))
    #expect(help(["updat", "--help"])?.message.contains("did you mean 'fairlead update'?") == true)
  }

  @Test(
    "an option is never blamed for its value, and a correct command line for nothing",
    arguments: [
      ["show", "-g", "x", "-n", "y"], ["plan"], ["log", "--limit", "-5"], ["update", "-m", "a", "--node-count=3"],
      ["aks", "update", "--whatever"], ["--generate-completion-script", "bash"], [],
    ])
  func correct(words: [String]) {
    #expect(help(words) == nil && (words.first?.hasPrefix("--g") == true || blame(words) == nil))
  }

  @Test("help on an unknown command suggests one, and says where other topics are")
  func unknownTopic() {
    #expect(help(["help"]) == nil)
    #expect(help(["help", "update"]) == nil)
    #expect(help(["help", "plan", "update"]) == nil)
    #expect(
      help(["help", "updat"])
        == .usage("cannot help with 'updat': there is no such command; did you mean 'fairlead help update'?"))
    #expect(
      help(["help", "feature", "registr"])?.message.hasSuffix("did you mean 'fairlead help feature register'?") == true)
    #expect(help(["help", "exit-codes"])?.hints == ["'fairlead --help' lists the exit codes."])
    #expect(help(["help", "rules"])?.hints == ["'fairlead explain' lists the rules."])
    #expect(help(["help", "mode-03"])?.hints == ["'fairlead explain mode-03' explains the rule."])
    #expect(help(["help", "zzzzzz"])?.status == .usage)
  }

  @Test("an unknown option is suggested only what is close to it")
  func unknownOption() {
    #expect(
      blame(["update", "-g", "x", "--kube-proxy-confg", "f"])?.message
        == "cannot take '--kube-proxy-confg' with 'fairlead update': there is no such option; "
        + "did you mean '--kube-proxy-config'?")
    #expect(
      blame(["show", "-x"])
        == .usage(
          "cannot take '-x' with 'fairlead show': there is no such option",
          hints: ["'fairlead show --help' lists the options."]))
    #expect(blame(["history", "--mode", "x"])?.message.hasSuffix("there is no such option") == true)
  }

  @Test("an option before the command that belongs after it is blamed, and not its value")
  func beforeTheCommand() throws {
    let failure = try #require(blame(["--label", "env=prod", "list"]))
    #expect(failure.message == "cannot take '--label' with 'fairlead': there is no such option")
    #expect(failure.hints.first?.hasPrefix("The options of a command come after its name") == true)
    #expect(blame(["plan", "-g", "x"])?.hints.first?.hasPrefix("'fairlead plan' has create, update") == true)
  }

  @Test(
    "a member of the configuration that is given as an option: how it is given",
    arguments: [["update", "-g", "x", "-n", "y", "--mode", "NFTABLES"], ["plan", "create", "--mode=NFTABLES"]])
  func members(words: [String]) throws {
    let failure = try #require(blame(words))
    #expect(failure.message.hasSuffix("there is no such option"))
    #expect(
      failure.hints == [
        #"That is a member of the configuration: --kube-proxy-config FILE, where FILE holds {"mode":"NFTABLES"}."#
      ])
    #expect(throws: Failure.usage("cannot take '--mode': there is no such option", hints: failure.hints)) {
      try AzFlags.ignored(["--mode", "NFTABLES"], own: AksUpdateCommand.changeFlags)
    }
    #expect(blame(["update", "--tcp-timeout-seconds", "9"])?.hints.first?.contains("ipvsConfig") == true)
  }

  @Test("a time for the log: how the log goes on", arguments: ["--since", "--until"])
  func moments(flag: String) {
    #expect(blame(["log", flag, "1h"])?.hints.first?.hasPrefix("The log goes by numbers: --after SEQ") == true)
  }
}
