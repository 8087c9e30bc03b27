// `fairlead call`: sends one request as it is given, and prints the answer as it came.

internal import ArgumentParser
internal import ExactJSON

struct CallCommand: FairleadCommand {
  static let configuration = CommandConfiguration(
    commandName: "call", abstract: "Send one raw request; print the result as JSON.",
    discussion: """
      The result goes to stdout; an error goes to stderr as the JSON that the daemon sent.

      Examples:
        fairlead call registry.describe
        fairlead call cluster.get '{"resourceGroup":"prod","name":"web"}'
        fairlead call cluster.update - < params.json
      """)

  @Argument(help: "The method; 'fairlead call rpc.discover' describes them all.") var method: String
  @Argument(help: "The parameters, a JSON object; '-' reads it from stdin.") var params: String?

  @OptionGroup(title: "Everywhere") var global: GlobalOptions

  func parameters() throws(Failure) -> JSONObject {
    guard let params else { return JSONObject() }
    if params == "-" { return try InputFile("-").object() }
    let value: JSON
    do throws(JSONSyntaxError) {
      value = try JSON(parsing: params)
    } catch {
      throw .usage("cannot read the parameters as JSON: \(error.explanation(in: params.utf8))")
    }
    guard case .object(let object) = value else {
      throw .usage("cannot take \(value.typeName) as parameters: they are a JSON object")
    }
    return object
  }

  func execute(in session: Session) throws(Failure) -> CommandStatus {
    guard global.namedSubscription == nil else {
      throw .usage("cannot take --subscription with call: put it into the parameters")
    }
    let params = try parameters()
    do throws(Failure) {
      let result = try session.call(method, params)
      switch session.output {
      case .text, .json, .table, .tsv: session.console.out(result.shownText)
      case .yaml: session.console.out(try yamlText(result))
      case .none: break
      }
      return .done
    } catch {
      guard let cause = error.cause else { throw error }
      session.console.err(cause.raw.shownText)
      return error.status
    }
  }
}
