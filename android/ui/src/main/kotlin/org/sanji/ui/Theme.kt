package org.sanji.ui

import androidx.compose.foundation.isSystemInDarkTheme
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Typography
import androidx.compose.material3.darkColorScheme
import androidx.compose.material3.lightColorScheme
import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.runtime.Immutable
import androidx.compose.runtime.remember
import androidx.compose.runtime.staticCompositionLocalOf
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.text.TextStyle
import androidx.compose.ui.text.font.FontWeight
import androidx.compose.ui.unit.Density
import androidx.compose.ui.unit.sp
import org.sanji.phone.Wording

/** The colours, the same as on the review pages. Accent is what can be tapped; the rest repeats what shape and word say. */
@Immutable
class Palette(
    val dark: Boolean,
    val ground: Color,
    val raised: Color,
    val ink: Color,
    val quiet: Color,
    val line: Color,
    val accent: Color,
    val onAccent: Color,
    val green: Color,
    val blue: Color,
    val grey: Color,
    val amber: Color,
    val red: Color,
    val violet: Color,
)

/** By day. */
val light = Palette(
    dark = false, ground = Color(0xFFFFFFFF), raised = Color(0xFFF3F4F2), ink = Color(0xFF1C1D1F), quiet = Color(0xFF5B5F66),
    line = Color(0xFFD6D7D2), accent = Color(0xFF0B5A8A), onAccent = Color(0xFFFFFFFF), green = Color(0xFF1D6B3A),
    blue = Color(0xFF1B5FA8), grey = Color(0xFF5B5F66), amber = Color(0xFF8A5200), red = Color(0xFFB3261E), violet = Color(0xFF6B3FA0),
)

/** By night. */
val dark = Palette(
    dark = true, ground = Color(0xFF17181A), raised = Color(0xFF242629), ink = Color(0xFFE8E8E6), quiet = Color(0xFFA5A9B0),
    line = Color(0xFF43464C), accent = Color(0xFF7CC0EE), onAccent = Color(0xFF06283D), green = Color(0xFF7CCF97),
    blue = Color(0xFF86B9F5), grey = Color(0xFFA5A9B0), amber = Color(0xFFF0B45C), red = Color(0xFFFF8A80), violet = Color(0xFFC3A3F0),
)

/** The colours of this moment. */
val LocalPalette = staticCompositionLocalOf { light }

/** The words of the language that is set. */
val LocalWording = staticCompositionLocalOf<Wording> { error("no words were given") }

/** Shorthand for the colours. */
val palette: Palette
    @Composable get() = LocalPalette.current

/** Shorthand for the words. */
val words: Wording
    @Composable get() = LocalWording.current

/** How large text is, on top of the system's own setting. Both together give at most twice the size. */
enum class TextSize(val factor: Float) {
    NORMAL(1f), LARGE(1.2f), HUGE(1.45f),
}

private const val LARGEST = 2f

/** Draws the content in the app's colours, words and sizes. */
@Composable
fun SanjiTheme(
    wording: Wording,
    textSize: TextSize = TextSize.NORMAL,
    inDark: Boolean = isSystemInDarkTheme(),
    content: @Composable () -> Unit,
) {
    val colours = if (inDark) dark else light
    val density = LocalDensity.current
    val scale = (density.fontScale * textSize.factor).coerceAtMost(maxOf(LARGEST, density.fontScale))
    CompositionLocalProvider(
        LocalPalette provides colours,
        LocalWording provides wording,
        LocalDensity provides Density(density.density, scale),
    ) { MaterialTheme(colours.scheme(), typography = remember(scale) { typography(scale) }, content = content) }
}

/** Material's roles. Its error is amber: red is kept for two statuses. */
private fun Palette.scheme() = (if (dark) darkColorScheme() else lightColorScheme()).copy(
    primary = accent, onPrimary = onAccent, primaryContainer = raised, onPrimaryContainer = ink,
    secondary = accent, onSecondary = onAccent, secondaryContainer = raised, onSecondaryContainer = ink,
    tertiary = accent, onTertiary = onAccent,
    background = ground, onBackground = ink, surface = ground, onSurface = ink, surfaceVariant = raised, onSurfaceVariant = quiet,
    surfaceContainerLowest = ground, surfaceContainerLow = raised, surfaceContainer = raised, surfaceContainerHigh = raised,
    surfaceContainerHighest = raised, outline = quiet, outlineVariant = line, error = amber, onError = ground,
)

/** What is large already grows less than running text, so that a title stays on its line; labels that have little room grow least. */
private const val TITLES = 0.67f
private const val LABELS = 0.4f

/** The styles at a scale of text. */
private fun typography(scale: Float): Typography {
    fun style(size: Int, line: Int, weight: FontWeight = FontWeight.Normal, growth: Float = 1f): TextStyle {
        val damped = (1 + (scale - 1) * growth) / scale
        return TextStyle(fontSize = (size * damped).sp, lineHeight = (line * damped).sp, fontWeight = weight, fontFeatureSettings = "tnum")
    }
    return Typography(
        displayLarge = style(40, 48, FontWeight.Medium, TITLES),
        headlineMedium = style(24, 32, FontWeight.SemiBold, TITLES),
        titleLarge = style(21, 28, FontWeight.SemiBold, TITLES),
        titleMedium = style(17, 24, FontWeight.SemiBold),
        titleSmall = style(14, 20, FontWeight.SemiBold),
        bodyLarge = style(17, 25),
        bodyMedium = style(15, 22),
        bodySmall = style(13, 19, growth = LABELS),
        labelLarge = style(16, 22, FontWeight.Medium),
        labelMedium = style(14, 20, FontWeight.Medium),
        labelSmall = style(13, 18, growth = LABELS),
    )
}
