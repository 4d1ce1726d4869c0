import Foundation
import Testing

@testable import SanjiKit

@MainActor @Suite struct CameraTests {
  private func pocket(_ camera: (any Camera)?) async -> Pocket {
    let pocket = Pocket(SchoolClock(), camera: camera)
    await pocket.open()
    return pocket
  }

  @Test("The person is asked for the camera when it is opened, not before")
  func asked() async throws {
    let camera = FakeCamera(allowed: true)
    let pocket = await pocket(camera)
    let scan = CameraModel(try pocket.office)
    await scan.load()
    #expect(camera.times == 0 && !scan.isOpen)
    await scan.open()
    #expect(camera.times == 1 && scan.isOpen && scan.trouble == nil)
    scan.close()
    #expect(!scan.isOpen)
  }

  @Test("A camera that isn't allowed is said, with the way to the system's settings; once allowed it opens")
  func notAllowed() async throws {
    let camera = FakeCamera(allowed: false)
    let pocket = await pocket(camera)
    for model in [CameraModel(try pocket.office), PictureModel(try pocket.office)] {
      await model.open()
      #expect(!model.isOpen && model.trouble == .cameraNotAllowed)
      #expect(model.trouble?.step == .settings)
      try expectWords(model.trouble?.key)
      try expectWords(model.trouble?.step.key)
    }
    camera.allow()
    let model = PictureModel(try pocket.office)
    await model.open()
    #expect(model.isOpen && model.trouble == nil)
  }

  @Test("Where there is no camera it is said, and that there is another way")
  func absent() async throws {
    let model = PictureModel(try await pocket(nil).office)
    await model.open()
    #expect(!model.isOpen && model.trouble == .noCamera && model.trouble?.step == .mend)
    try expectWords(model.trouble?.key)
  }

  @Test("A picture is made small before it is kept; what is none is said")
  func scaled() async throws {
    let model = PictureModel(try await pocket(nil).office)
    #expect(await model.scaled(Data(repeating: 3, count: 100))?.count == 50)
    #expect(model.trouble == nil)
    for none in [nil, Data([0, 1, 2])] {
      #expect(await model.scaled(none) == nil)
      #expect(model.trouble == .noPicture)
    }
    try expectWords(model.trouble?.key)
  }
}
