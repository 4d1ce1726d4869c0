/// The screens. The back stack is a list of them.
public enum Screen: Hashable, Sendable {
  case enrol, welcome, today, kiosk
  case day(posting: String?, date: String)
  case week
  case leave, leaveForm(Leave?)
  case corrections, correctionForm(posting: String?, date: String)
  case sending, settings, records, pin(Colleague?), kioskGate
  case service, session(school: String?, SessionShown?), handover(school: String?, SessionShown)
  case servicePlan(school: String?, PlanShown?)
  case visits, visit(String), visitPlan(String?), part(visit: String, part: String), people(String)
  case observation(visit: String, ObservationShown?), countersign(String), showVisit(String), readVisit
  case school(String?), colleagueDay(Colleague, date: String), correctDay(Colleague, date: String), onBehalf(Colleague, date: String)
  case queue, conflicts, flagged
  case asking, beside, publish(String?), kioskOut, roster, rosterRow(school: String?, RosterRow?), profile, flexible
}

/// Where the person is. Back always goes back.
@MainActor
public final class Way {
  /// The screens above the root, oldest first.
  public var above: [Screen] = [] { didSet { if above != oldValue { didChange?() } } }
  /// Called after each change.
  public var didChange: (@MainActor () -> Void)?

  public init() {}

  /// Opens a screen.
  public func open(_ screen: Screen) { if above.last != screen { above.append(screen) } }

  /// Back by one; nothing where there is nothing.
  public func back() { if !above.isEmpty { above.removeLast() } }

  /// Back to the root.
  public func home() { above.removeAll() }
}
