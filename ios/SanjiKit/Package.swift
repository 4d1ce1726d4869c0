// swift-tools-version:6.0
import Foundation
import PackageDescription

// `Generated` is made by `ios/xcframework.sh` on a Mac and by `tests/parts/swift.sh` on Linux; git doesn't keep it.
#if os(Linux)
  let library = ProcessInfo.processInfo.environment["SANJI_LIBRARY"] ?? "Generated"
  let core: Target = .systemLibrary(name: "SanjiCoreFFI", path: "Generated/SanjiCoreFFI")
  let link: [LinkerSetting] = [.unsafeFlags(["-L\(library)", "-Xlinker", "-rpath", "-Xlinker", library])]
#else
  let core: Target = .binaryTarget(name: "SanjiCoreFFI", path: "Generated/SanjiCoreFFI.xcframework")
  let link: [LinkerSetting] = []
#endif

let package = Package(
  name: "SanjiKit",
  platforms: [.iOS(.v16), .macOS(.v13)],
  products: [.library(name: "SanjiKit", targets: ["SanjiKit"])],
  targets: [
    core,
    // Generated code: the compiler's Swift 6 mode is for what we write.
    .target(
      name: "SanjiCore", dependencies: ["SanjiCoreFFI"], path: "Generated/SanjiCore",
      swiftSettings: [.swiftLanguageMode(.v5)], linkerSettings: link),
    .target(name: "SanjiKit", dependencies: ["SanjiCore"]),
    .testTarget(name: "SanjiKitTests", dependencies: ["SanjiKit"]),
  ]
)
