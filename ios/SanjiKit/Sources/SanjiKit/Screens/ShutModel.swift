/// Records that can't be opened: what may help, and whose others stand on this phone.
@MainActor
public final class ShutModel {
  /// Called after each change.
  public var didChange: (@MainActor () -> Void)?
  /// The others' records, to which one can turn.
  public private(set) var others: [RecordsModel.Row] = []
  private let home: Home

  public init(_ home: Home) { self.home = home }

  public func load() async {
    var others: [RecordsModel.Row] = []
    for folder in Folders(root: home.system.root).all() where folder != home.folder {
      others.append(await RecordsModel.Row.look(into: folder, system: home.system))
    }
    self.others = others
    didChange?()
  }

  /// What is offered: whatever it was, it may be over by the next try. No button knows the way to a newer app.
  public static func steps(for trouble: Trouble) -> [Trouble.Step] { trouble.step == .settings ? [.again, .settings] : [.again] }

  /// Opens them again.
  public func again() async { await home.resume() }

  /// Turns to another's.
  public func goBack(to row: RecordsModel.Row) async { await home.goBack(to: row.folder) }
}
