package org.sanji.ui.parts

import androidx.compose.foundation.Canvas
import androidx.compose.foundation.background
import androidx.compose.foundation.layout.aspectRatio
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.widthIn
import androidx.compose.runtime.Composable
import androidx.compose.runtime.remember
import androidx.compose.ui.Modifier
import androidx.compose.ui.geometry.Offset
import androidx.compose.ui.geometry.Size
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import com.google.zxing.EncodeHintType
import com.google.zxing.qrcode.decoder.ErrorCorrectionLevel
import com.google.zxing.qrcode.encoder.Encoder

/** A text as a QR code, black on white by night too, with the margin that cameras need. */
@Composable
fun QrPicture(text: String, said: String, modifier: Modifier = Modifier) {
    val code = remember(text) {
        Encoder.encode(text, ErrorCorrectionLevel.M, mapOf(EncodeHintType.CHARACTER_SET to "UTF-8")).matrix
    }
    Canvas(
        modifier.widthIn(max = 360.dp).fillMaxWidth().aspectRatio(1f).background(Color.White).padding(16.dp)
            .semantics { contentDescription = said },
    ) {
        val side = size.width / code.width
        for (y in 0 until code.height) for (x in 0 until code.width) {
            // A hair more than its own, so that no seam shows.
            if (code[x, y].toInt() == 1) drawRect(Color.Black, Offset(x * side, y * side), Size(side + 0.5f, side + 0.5f))
        }
    }
}
