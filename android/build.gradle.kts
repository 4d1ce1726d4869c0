plugins {
    alias(libs.plugins.android.application) apply false
    alias(libs.plugins.android.library) apply false
    alias(libs.plugins.kotlin.compose) apply false
    // Not applied anywhere: it puts our version of Kotlin in place of the one that the Android plugin brings with it.
    alias(libs.plugins.kotlin.jvm) apply false
}
