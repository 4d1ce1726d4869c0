import CryptoKit
import Foundation
import SanjiKit
import Security

/// Keys in the Keychain: on this device alone, never synchronised, readable from the first unlock on. The number that is kept
/// beside them comes back with no backup, so the library notices a file that went back.
final class KeychainKeys: KeyStorage, Sendable {
  private let key: Item
  private let number: Item

  init(folder: String) {
    key = Item(account: "key-\(folder)")
    number = Item(account: "counter-\(folder)")
  }

  func wrap(key bytes: Data) throws -> Data {
    let wrapping: SymmetricKey
    if let found = try key.read() {
      wrapping = SymmetricKey(data: found)
    } else {
      wrapping = SymmetricKey(size: .bits256)
      try key.write(wrapping.withUnsafeBytes { Data($0) })
    }
    guard let sealed = try AES.GCM.seal(bytes, using: wrapping).combined else { throw ShellError.Failed(reason: "not sealed") }
    return sealed
  }

  func unwrap(wrapped: Data) throws -> Data {
    // Whatever else the Keychain says, such as that it is locked until the first unlock, doesn't mean that the key is lost.
    let kept: Data?
    do { kept = try key.read() } catch { throw KeyError.Unavailable(reason: "\(error)") }
    guard let kept else { throw KeyError.Gone(reason: "there is no key") }
    do { return try AES.GCM.open(AES.GCM.SealedBox(combined: wrapped), using: SymmetricKey(data: kept)) } catch {
      throw KeyError.Gone(reason: "another key wrapped it")
    }
  }

  func counter() throws -> UInt64 {
    guard let found = try number.read() else { return 0 }
    guard let number = UInt64(String(decoding: found, as: UTF8.self)) else { throw ShellError.Failed(reason: "the number is unreadable") }
    return number
  }

  func setCounter(n: UInt64) throws { try number.write(Data(String(n).utf8)) }
}

/// One item of the Keychain.
private struct Item: Sendable {
  let account: String

  private var query: [String: Any] {
    [
      kSecClass as String: kSecClassGenericPassword, kSecAttrService as String: "sanji", kSecAttrAccount as String: account,
      kSecAttrSynchronizable as String: false,
    ]
  }

  func read() throws -> Data? {
    var found: CFTypeRef?
    let asked = query.merging([kSecReturnData as String: true]) { $1 }
    switch SecItemCopyMatching(asked as CFDictionary, &found) {
    case errSecSuccess: return found as? Data
    case errSecItemNotFound: return nil
    case let status: throw ShellError.Failed(reason: "keychain: \(status)")
    }
  }

  func write(_ data: Data) throws {
    let change = SecItemUpdate(query as CFDictionary, [kSecValueData as String: data] as CFDictionary)
    if change == errSecSuccess { return }
    guard change == errSecItemNotFound else { throw ShellError.Failed(reason: "keychain: \(change)") }
    let values: [String: Any] = [
      kSecValueData as String: data, kSecAttrAccessible as String: kSecAttrAccessibleAfterFirstUnlockThisDeviceOnly,
    ]
    let added = SecItemAdd(query.merging(values) { $1 } as CFDictionary, nil)
    guard added == errSecSuccess else { throw ShellError.Failed(reason: "keychain: \(added)") }
  }
}
