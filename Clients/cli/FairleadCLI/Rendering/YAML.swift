// JSON values as YAML.

internal import ExactJSON
internal import Yams

/// A YAML document of `value`. Strings that would read as something else are quoted, and those with characters that a terminal
/// would act on are in double quotes, with escapes.
func yamlText(_ value: JSON) throws(Failure) -> String {
  do {
    return escapedInQuotes(try serialize(node: node(value), allowUnicode: true))
  } catch {
    throw .failed("cannot write this as YAML: \(error)")
  }
}

private func node(_ value: JSON) -> Node {
  switch value {
  case .null: Node("null", Tag(.null))
  case .bool(let bool): .scalar(bool.represented())
  case .integer(let integer): .scalar(integer.represented())
  case .number(let lexeme): Node(lexeme, Tag(.float))
  case .string(let string): node(string)
  case .array(let items): Node(items.map(node), Tag(.seq))
  case .object(let object): Node(object.members.map { (node($0.key), node($0.value)) }, Tag(.map))
  }
}

private func node(_ string: String) -> Node {
  var scalar = string.represented()
  if needsDoubleQuotes(string) { scalar.style = .doubleQuoted }
  return .scalar(scalar)
}
