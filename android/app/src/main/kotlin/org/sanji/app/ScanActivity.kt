package org.sanji.app

import android.Manifest
import android.app.Activity
import android.content.Intent
import android.content.pm.PackageManager
import android.graphics.Color
import android.graphics.SurfaceTexture
import android.os.Bundle
import android.view.Gravity
import android.view.TextureView
import android.view.View
import android.view.WindowInsets
import android.widget.Button
import android.widget.FrameLayout
import android.widget.LinearLayout
import android.widget.TextView

/**
 * Scans one QR code and gives its text back. It asks for the camera when it is shown, and says why; whoever doesn't allow it, or has
 * no camera, goes back to where the text can be typed.
 */
class ScanActivity : Activity() {
    private lateinit var camera: QrCamera
    private lateinit var preview: TextureView
    private lateinit var says: TextView
    private lateinit var lampButton: Button
    private lateinit var settingsButton: Button
    private var lamp = false
    private val words get() = (application as SanjiApplication).words

    override fun onCreate(state: Bundle?) {
        super.onCreate(state)
        preview = TextureView(this)
        camera = QrCamera(this, preview, ::found) { runOnUiThread { say("scan-no-camera") } }
        preview.surfaceTextureListener = object : TextureView.SurfaceTextureListener {
            override fun onSurfaceTextureAvailable(texture: SurfaceTexture, width: Int, height: Int) = begin()
            override fun onSurfaceTextureSizeChanged(texture: SurfaceTexture, width: Int, height: Int) = Unit
            override fun onSurfaceTextureUpdated(texture: SurfaceTexture) = Unit
            override fun onSurfaceTextureDestroyed(texture: SurfaceTexture): Boolean {
                camera.close()
                return true
            }
        }
        setContentView(page())
        if (!allowed() && state == null) requestPermissions(arrayOf(Manifest.permission.CAMERA), ASK)
    }

    override fun onResume() {
        super.onResume()
        begin()
    }

    override fun onPause() {
        camera.close()
        super.onPause()
    }

    override fun onRequestPermissionsResult(code: Int, permissions: Array<String>, results: IntArray) {
        super.onRequestPermissionsResult(code, permissions, results)
        // A permission that was taken back while this was shown comes as an empty answer.
        if (allowed()) begin() else say("app-no-permission")
    }

    private fun allowed() = checkSelfPermission(Manifest.permission.CAMERA) == PackageManager.PERMISSION_GRANTED

    private fun begin() {
        if (!allowed()) return
        say("scan-lead")
        lampButton.visibility = if (camera.hasLamp) View.VISIBLE else View.GONE
        preview.surfaceTexture?.let(camera::open)
    }

    private fun say(key: String) {
        says.text = words(key)
        settingsButton.visibility = if (key == "app-no-permission") View.VISIBLE else View.GONE
    }

    private fun found(text: String) = runOnUiThread {
        if (isFinishing) return@runOnUiThread
        setResult(RESULT_OK, Intent().putExtra(TEXT, text))
        finish()
    }

    private fun goBack() {
        setResult(if (allowed()) RESULT_CANCELED else FORBIDDEN)
        finish()
    }

    private fun page(): View {
        says = TextView(this).apply {
            text = words("system-why-camera")
            textSize = 18f
            setTextColor(Color.WHITE)
            gravity = Gravity.CENTER
            accessibilityLiveRegion = View.ACCESSIBILITY_LIVE_REGION_POLITE
        }
        lampButton = button("scan-lamp-on") {
            lamp = !lamp
            camera.lamp(lamp)
            lampButton.text = words(if (lamp) "scan-lamp-off" else "scan-lamp-on")
        }.apply { visibility = View.GONE }
        settingsButton = button("app-open-settings") { startActivity(SystemShell.ownSettings(this)) }.apply { visibility = View.GONE }
        val below = LinearLayout(this).apply {
            orientation = LinearLayout.VERTICAL
            setBackgroundColor(Color.argb(200, 0, 0, 0))
            listOf(says, settingsButton, lampButton, button("scan-type") { goBack() }).forEach { addView(it) }
        }
        val edge = (16 * resources.displayMetrics.density).toInt()
        below.setPadding(edge, edge, edge, edge)
        // Drawn behind the system's bars since API 35, so the words keep clear of them.
        below.setOnApplyWindowInsetsListener { view, insets ->
            view.setPadding(edge, edge, edge, edge + bottom(insets))
            insets
        }
        return FrameLayout(this).apply {
            setBackgroundColor(Color.BLACK)
            addView(preview)
            addView(below, FrameLayout.LayoutParams(MATCH, WRAP, Gravity.BOTTOM))
        }
    }

    @Suppress("DEPRECATION") // What came in its place is there since API 30 only.
    private fun bottom(insets: WindowInsets) = insets.systemWindowInsetBottom

    private fun button(key: String, pressed: () -> Unit) = Button(this).apply {
        text = words(key)
        textSize = 18f
        isAllCaps = false
        minHeight = (48 * resources.displayMetrics.density).toInt()
        setOnClickListener { pressed() }
    }

    companion object {
        /** The text that was found, in what is given back. */
        const val TEXT = "text"

        /** What is given back where the camera wasn't allowed. */
        const val FORBIDDEN = RESULT_FIRST_USER
        private const val ASK = 1
        private const val MATCH = FrameLayout.LayoutParams.MATCH_PARENT
        private const val WRAP = FrameLayout.LayoutParams.WRAP_CONTENT
    }
}
