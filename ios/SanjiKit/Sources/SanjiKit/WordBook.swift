/// The catalogue in one language: `words("key")`. Both apps and the pages say the same word by the same line of it.
public struct WordBook: Sendable {
  /// The language.
  public let language: Language
  private let words: Words

  public init(_ language: Language) {
    self.language = language
    words = Words(language: language)
  }

  /// The text for a key, filled with its arguments.
  public func callAsFunction(_ key: String, _ args: [String: WordArg] = [:]) -> String {
    args.isEmpty ? words.text(key: key) : words.filled(key: key, args: args)
  }

  /// The text for a code of a newer version may be missing: then the fallback's text.
  public func code(_ prefix: String, _ code: String) -> String {
    let key = "\(prefix)-\(code)"
    return words.has(key: key) ? words.text(key: key) : code
  }

  /// Whether there is a text for this key.
  public func has(_ key: String) -> Bool { words.has(key: key) }

  /// `3月2日 周一`.
  public func day(_ day: String) -> String { words.day(day: day) }

  /// `18:02`.
  public func time(_ secs: Int64) -> String { words.time(atSecs: secs) }

  /// `3月1日 18:02`.
  public func moment(_ secs: Int64) -> String { words.moment(atSecs: secs) }

  /// `3月2日–3月4日(3天)`, `3月2日 13:00–18:00`: a time only where a day isn't whole.
  public func period(_ fromSecs: Int64, _ toSecs: Int64) -> String { words.period(fromSecs: fromSecs, toSecs: toSecs) }

  /// `4小时58分`.
  public func duration(_ minutes: UInt32) -> String { words.duration(minutes: minutes) }

  /// The name of a code of the county's rules, in this language.
  public func name(_ named: Named) -> String { language == .zh ? named.zh : named.en }
}
