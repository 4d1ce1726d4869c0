package org.sanji.app

import android.content.Intent
import android.graphics.BitmapFactory
import android.os.Bundle
import androidx.activity.ComponentActivity
import androidx.activity.OnBackPressedCallback
import androidx.activity.compose.setContent
import androidx.activity.enableEdgeToEdge
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.safeDrawingPadding
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.asImageBitmap
import androidx.lifecycle.lifecycleScope
import kotlinx.coroutines.flow.combine
import kotlinx.coroutines.launch
import org.sanji.ui.Home
import org.sanji.ui.SanjiApp

/** Shows the screens. Their state lives in the application, so turning the phone costs nothing. */
class MainActivity : ComponentActivity() {
    private val app get() = application as SanjiApplication

    override fun onCreate(state: Bundle?) {
        super.onCreate(state)
        state?.getStringArrayList(BACK)?.let(app.model::restore)
        enableEdgeToEdge()
        val back = object : OnBackPressedCallback(false) {
            override fun handleOnBackPressed() {
                app.model.stack.back()
            }
        }
        onBackPressedDispatcher.addCallback(this, back)
        // With nothing to go back to, back is the system's.
        lifecycleScope.launch {
            combine(app.model.stack.screens, app.model.home) { screens, home -> screens.size > 1 && (home is Home.Own || home is Home.Kiosk) }
                .collect { back.isEnabled = it }
        }
        // The window's own ground shows behind the system's bars.
        setContent { Box(Modifier.safeDrawingPadding()) { SanjiApp(app.model, ::decoded) } }
    }

    override fun onStart() {
        super.onStart()
        app.questions.attach(this)
        app.model.tick()
        lifecycleScope.launch { app.offerNotices() }
    }

    override fun onStop() {
        app.questions.detach(this)
        super.onStop()
    }

    override fun onSaveInstanceState(state: Bundle) {
        super.onSaveInstanceState(state)
        state.putStringArrayList(BACK, ArrayList(app.model.saved()))
    }

    @Deprecated("What came in its place belongs to each activity, and answers outlive one")
    override fun onActivityResult(request: Int, code: Int, data: Intent?) {
        @Suppress("DEPRECATION")
        super.onActivityResult(request, code, data)
        app.questions.answered(request, Answer(code, data))
    }

    @Deprecated("As above")
    override fun onRequestPermissionsResult(request: Int, names: Array<String>, results: IntArray) {
        @Suppress("DEPRECATION")
        super.onRequestPermissionsResult(request, names, results)
        app.questions.decided(request)
    }

    /** Pictures are of at most 256 kB, made that small when they were taken. */
    private fun decoded(bytes: ByteArray) = BitmapFactory.decodeByteArray(bytes, 0, bytes.size)?.asImageBitmap()

    private companion object {
        const val BACK = "back"
    }
}
