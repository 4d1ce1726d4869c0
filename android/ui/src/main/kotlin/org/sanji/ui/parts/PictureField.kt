package org.sanji.ui.parts

import androidx.compose.runtime.Composable
import org.sanji.ui.words

/** A picture that may go with a form: taken or chosen, left out again, and what is wrong with it. */
@Composable
fun PictureField(title: String, picture: ByteArray?, wrong: String?, add: () -> Unit, remove: () -> Unit) = Section(title) {
    if (picture == null) {
        OtherButton(words("leave-add-picture"), add)
    } else {
        Para("${picture.size / 1_024 + 1} kB", quiet = true)
        TextAction(words("leave-remove-picture"), remove)
    }
    wrong?.let { Notice(it) }
}
