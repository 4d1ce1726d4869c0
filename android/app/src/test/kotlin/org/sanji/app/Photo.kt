package org.sanji.app

import com.google.zxing.BarcodeFormat
import com.google.zxing.EncodeHintType
import com.google.zxing.qrcode.QRCodeWriter
import kotlin.random.Random

/** A photo of a code: grey on grey, off the middle. */
fun photo(text: String, side: Int = 300, quarters: Int = 0, dark: Boolean = true, noise: Int = 0): Grey {
    val code = QRCodeWriter().encode(text, BarcodeFormat.QR_CODE, side, side, mapOf(EncodeHintType.CHARACTER_SET to "UTF-8"))
    val (width, height) = 960 to 760
    val random = Random(7)
    val points = ByteArray(width * height) { at ->
        val (x, y) = (at % width - 100) to (at / width - 20)
        val (u, v) = when (quarters) {
            0 -> x to y
            1 -> y to side - 1 - x
            2 -> side - 1 - x to side - 1 - y
            else -> side - 1 - y to x
        }
        val inside = u in 0 until side && v in 0 until side
        val ink = (inside && code[u, v]) == dark
        ((if (ink) 70 else 190) + if (noise > 0) random.nextInt(-noise / 2, noise / 2) else 0).toByte()
    }
    return Grey(width, height, width, points)
}
