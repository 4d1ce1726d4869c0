package org.sanji.ui

import androidx.compose.foundation.background
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.ui.ImageComposeScene
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.ImageBitmap
import androidx.compose.ui.graphics.toComposeImageBitmap
import androidx.compose.ui.unit.Density
import org.jetbrains.skia.EncodedImageFormat
import org.jetbrains.skia.Image
import org.sanji.phone.Language
import org.sanji.phone.Wording
import org.sanji.ui.parts.LocalDecoder
import java.io.File

/** A picture as the desktop reads it. */
fun decoded(bytes: ByteArray): ImageBitmap? = runCatching { Image.makeFromEncoded(bytes).toComposeImageBitmap() }.getOrNull()

/**
 * Draws screens in software into target/screens: both languages, light and dark, a small and a larger phone, text at 1 and
 * 1.5, on the small one also at 2.
 */
object Gallery {
    private const val PIXELS = 1.5f
    private val folder = File(System.getProperty("screens.dir")).apply { mkdirs() }
    private val NAMES = mapOf(1f to "normal", 1.5f to "large", 2f to "huge")
    private val sizes = listOf(320 to 620, 411 to 820)

    /** Draws a screen. `model` gives its model in a language, loaded; `height` is for pages that are longer than a phone. */
    fun <M> draw(name: String, height: Int? = null, model: (Language) -> M, screen: @Composable (M) -> Unit) {
        for (language in Language.entries) {
            val (wording, shown) = Wording(language) to model(language)
            for (inDark in listOf(false, true)) for ((width, usual) in sizes) for (scale in if (width == sizes.first().first) listOf(1f, 1.5f, 2f) else listOf(1f, 1.5f)) {
                val file = "$name-${language.name.lowercase()}-${if (inDark) "dark" else "light"}-$width-${NAMES.getValue(scale)}"
                one(File(folder, "$file.png"), width, height ?: usual, scale) {
                    SanjiTheme(wording, TextSize.NORMAL, inDark) {
                        CompositionLocalProvider(LocalDecoder provides ::decoded) {
                            Box(Modifier.fillMaxSize().background(palette.ground)) { screen(shown) }
                        }
                    }
                }
            }
        }
    }

    /** Draws a screen above the bar at the bottom. */
    fun <M> tab(name: String, tab: Screen.Tab, model: (Language) -> M, screen: @Composable (M) -> Unit) = draw(name, null, model) { shown ->
        Column {
            Box(Modifier.weight(1f)) { screen(shown) }
            Tabs(tab) {}
        }
    }

    private fun one(file: File, width: Int, height: Int, scale: Float, content: @Composable () -> Unit) {
        val scene = ImageComposeScene((width * PIXELS).toInt(), (height * PIXELS).toInt(), Density(PIXELS, scale), content = content)
        try {
            file.writeBytes(checkNotNull(scene.render().encodeToData(EncodedImageFormat.PNG)).bytes)
        } finally {
            scene.close()
        }
    }
}
