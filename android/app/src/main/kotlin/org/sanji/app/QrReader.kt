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
    /** The same at two thirds of its size: each point is the mean of those whose place it takes. */
    fun smaller(): Grey {
        val (w, h) = width * 2 / 3 to height * 2 / 3
        val means = ByteArray(w * h) { at ->
            val (x, y) = at % w to at / w
            val columns = x * width / w until (x + 1) * width / w
            val rows = y * height / h until (y + 1) * height / h
            val sum = rows.sumOf { row -> columns.sumOf { column -> points[row * stride + column].toInt() and 0xFF } }
            (sum / (columns.count() * rows.count())).toByte()
        }
        return Grey(w, h, w, means)
    }

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

    /**
     * The text of the code in the picture, dark on light or light on dark; absent if there is none. Of a visit's full pages zxing misses
     * two in a hundred however clear the picture is (7 of 300 that were tried), and half of those at another size: so it looks twice. A
     * hand that moves does the rest.
     */
    fun read(picture: Grey): String? = once(picture) ?: once(picture.smaller())

    private fun once(picture: Grey): String? {
        val source = PlanarYUVLuminanceSource(
            picture.points, picture.stride, picture.height, 0, 0, picture.width, picture.height, false,
        )
        return found(source) ?: found(source.invert())
    }

    private fun found(source: LuminanceSource): String? = try {
        reader.decodeWithState(BinaryBitmap(HybridBinarizer(source))).text
    } catch (_: NotFoundException) {
        null
    } finally {
        reader.reset()
    }
}
