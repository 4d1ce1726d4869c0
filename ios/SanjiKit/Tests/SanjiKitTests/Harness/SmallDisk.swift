import Foundation
import Testing

/// A folder for one test on a disk of 2 MB, which it may fill; it goes with the test.
final class SmallDisk {
  let root: URL
  private let filler: URL

  init(_ name: String) {
    let disk = URL(fileURLWithPath: setting("SANJI_SMALL_DISK"))
    root = disk.appendingPathComponent(name)
    filler = disk.appendingPathComponent("pictures")
  }

  deinit { for file in [root, filler] { try? FileManager.default.removeItem(at: file) } }

  /// Fills the disk to its last byte.
  func fill() throws {
    let out = try #require(fopen(filler.path, "w"))
    setvbuf(out, nil, _IONBF, 0)
    for size in [4096, 1] {
      let bytes = [UInt8](repeating: 7, count: size)
      while fwrite(bytes, 1, size, out) == size {}
    }
    fclose(out)
  }

  /// The person removes some pictures.
  func makeRoom() throws { try FileManager.default.removeItem(at: filler) }
}
