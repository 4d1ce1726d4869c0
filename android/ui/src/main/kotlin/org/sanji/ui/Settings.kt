package org.sanji.ui

import org.sanji.phone.Language
import java.io.File

/** What a person set on this phone. */
data class Settings(val language: Language, val textSize: TextSize)

/** Keeps the settings in a small file beside the records. What can't be read is as it was at first. */
class SettingsFile(private val file: File, private val first: Settings) {
    /** The settings. */
    fun read(): Settings {
        val lines = runCatching { file.readLines() }.getOrDefault(emptyList()).associate { it.substringBefore('=') to it.substringAfter('=') }
        return Settings(
            Language.entries.find { it.name == lines["language"] } ?: first.language,
            TextSize.entries.find { it.name == lines["text"] } ?: first.textSize,
        )
    }

    /** Keeps them; where there is no room they hold until the app ends. */
    fun write(settings: Settings) {
        runCatching {
            file.parentFile?.mkdirs()
            file.writeText("language=${settings.language.name}\ntext=${settings.textSize.name}\n")
        }
    }
}
