package org.sanji.app

import com.google.zxing.BarcodeFormat
import com.google.zxing.BinaryBitmap
import com.google.zxing.DecodeHintType
import com.google.zxing.LuminanceSource
import com.google.zxing.MultiFormatReader
import com.google.zxing.NotFoundException
import com.google.zxing.PlanarYUVLuminanceSource
import com.google.zxing.common.HybridBinarizer
import java.nio.ByteBuffer

/** A picture in shades of grey, as a camera gives it: one byte for each point, rows of [stride] bytes. */
class Grey(val width: Int, val height: Int, val stride: Int, val points: ByteArray) {
    companion object {
        /** Copies the plane of brightness. Its last row may end before its stride does. */
        fun of(plane: ByteBuffer, width: Int, height: Int, stride: Int): Grey {
            val points = ByteArray(stride * height)
            plane.rewind()
            plane.get(points, 0, minOf(points.size, plane.remaining()))
            return Grey(width, height, stride, points)
        }
    }
}

/** Finds the text of a QR code in a picture. */
class QrReader {
    private val reader = MultiFormatReader().apply {
        setHints(
            mapOf(
                DecodeHintType.POSSIBLE_FORMATS to listOf(BarcodeFormat.QR_CODE),
                DecodeHintType.CHARACTER_SET to "UTF-8",
                // Slower and surer: a code on a cracked screen, or on paper that was folded.
                DecodeHintType.TRY_HARDER to true,
            ),
        )
    }

    /** The text of the code in the picture, dark on light or light on dark; absent if there is none. */
    fun read(picture: Grey): String? {
        val source = PlanarYUVLuminanceSource(
            picture.points, picture.stride, picture.height, 0, 0, picture.width, picture.height, false,
        )
        return read(source) ?: read(source.invert())
    }

    private fun read(source: LuminanceSource): String? = try {
        reader.decodeWithState(BinaryBitmap(HybridBinarizer(source))).text
    } catch (_: NotFoundException) {
        null
    } finally {
        reader.reset()
    }
}
