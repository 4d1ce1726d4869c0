package org.sanji.ui.parts

import androidx.compose.foundation.Image
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.runtime.Composable
import androidx.compose.runtime.remember
import androidx.compose.runtime.staticCompositionLocalOf
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.graphics.ImageBitmap
import androidx.compose.ui.layout.ContentScale
import androidx.compose.ui.unit.dp

/** Reads a picture's bytes, as each platform does it; absent if they are none. */
val LocalDecoder = staticCompositionLocalOf<(ByteArray) -> ImageBitmap?> { error("no decoder was given") }

/** A picture across the page, with what it shows under it. */
@Composable
fun PictureBlock(picture: ByteArray?, caption: String?, missing: String) = Column(Modifier.fillMaxWidth(), Arrangement.spacedBy(4.dp)) {
    val decode = LocalDecoder.current
    val image = remember(picture) { picture?.let(decode) }
    if (image != null) {
        Image(image, caption, Modifier.fillMaxWidth().heightIn(max = 320.dp).clip(RoundedCornerShape(8.dp)), contentScale = ContentScale.Fit)
    } else {
        Para(missing, quiet = true)
    }
    if (caption != null) Para(caption, quiet = image != null)
}
