import CoreGraphics
import Foundation
import ImageIO
import SanjiKit
import UniformTypeIdentifiers

/// Makes pictures small enough for a slow network. They are drawn anew, so nothing of the camera's data (place, device) stays.
struct JpegPictures: PictureMaker {
  /// As the library has it.
  private static let most = 256 * 1024

  /// A JPEG of at most `most` bytes.
  func scaled(_ data: Data) -> Data? {
    for side in [1600, 1280, 1024, 800, 640, 480] {
      guard let image = thumbnail(data, side: side) else { return nil }
      for quality in [0.8, 0.6, 0.4] {
        if let jpeg = jpeg(image, quality: quality), jpeg.count <= Self.most { return jpeg }
      }
    }
    return nil
  }

  private func thumbnail(_ data: Data, side: Int) -> CGImage? {
    let options: [CFString: Any] = [
      kCGImageSourceCreateThumbnailFromImageAlways: true, kCGImageSourceCreateThumbnailWithTransform: true,
      kCGImageSourceThumbnailMaxPixelSize: side,
    ]
    return CGImageSourceCreateWithData(data as CFData, nil)
      .flatMap { CGImageSourceCreateThumbnailAtIndex($0, 0, options as CFDictionary) }
  }

  private func jpeg(_ image: CGImage, quality: Double) -> Data? {
    let data = NSMutableData()
    guard let target = CGImageDestinationCreateWithData(data, UTType.jpeg.identifier as CFString, 1, nil) else { return nil }
    CGImageDestinationAddImage(target, image, [kCGImageDestinationLossyCompressionQuality: quality] as CFDictionary)
    return CGImageDestinationFinalize(target) ? Data(referencing: data) : nil
  }
}
