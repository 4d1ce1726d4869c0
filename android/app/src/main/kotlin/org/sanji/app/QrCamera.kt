package org.sanji.app

import android.annotation.SuppressLint
import android.content.Context
import android.graphics.ImageFormat
import android.graphics.Matrix
import android.graphics.RectF
import android.graphics.SurfaceTexture
import android.hardware.camera2.CameraAccessException
import android.hardware.camera2.CameraCaptureSession
import android.hardware.camera2.CameraCharacteristics
import android.hardware.camera2.CameraDevice
import android.hardware.camera2.CameraManager
import android.hardware.camera2.CaptureRequest
import android.media.ImageReader
import android.os.Handler
import android.os.HandlerThread
import android.util.Size
import android.view.Surface
import android.view.TextureView

/**
 * The camera at the back, shown in [view], looking for QR codes. [found] is told each text, on a thread of the camera's; [failed]
 * that there is no camera to be had.
 *
 * Camera2 by itself: the libraries above it are larger than all that is needed of them here.
 */
class QrCamera(
    context: Context,
    private val view: TextureView,
    private val found: (String) -> Unit,
    private val failed: () -> Unit,
) {
    private val system = requireNotNull(context.getSystemService(CameraManager::class.java))
    private val reader = QrReader()
    private var thread: HandlerThread? = null
    private var images: ImageReader? = null
    private var device: CameraDevice? = null
    private var session: CameraCaptureSession? = null
    private var request: CaptureRequest.Builder? = null
    private var lamp = false

    /** Whether the camera at the back has a lamp. */
    val hasLamp: Boolean
        get() {
            trying { return back()?.let { system.getCameraCharacteristics(it)[CameraCharacteristics.FLASH_INFO_AVAILABLE] } == true }
            return false
        }

    /** Opens the camera and begins to look; the permission must have been given. */
    @SuppressLint("MissingPermission")
    fun open(texture: SurfaceTexture) {
        if (thread != null) return
        val on = Handler(HandlerThread("camera").also { it.start(); thread = it }.looper)
        trying {
            val id = back() ?: return failed()
            val sizes = system.getCameraCharacteristics(id)[CameraCharacteristics.SCALER_STREAM_CONFIGURATION_MAP]
            val size = picked(sizes?.getOutputSizes(ImageFormat.YUV_420_888)?.toList().orEmpty()) ?: return failed()
            texture.setDefaultBufferSize(size.width, size.height)
            turn(size)
            images = ImageReader.newInstance(size.width, size.height, ImageFormat.YUV_420_888, 2).apply {
                setOnImageAvailableListener({ look(it) }, on)
            }
            system.openCamera(id, Opened(texture, on), on)
        }
    }

    /** Speaks with the camera, which the system may take away, or the person let go of, at any moment: then there is none. */
    private inline fun trying(act: () -> Unit) = try {
        act()
    } catch (_: CameraAccessException) {
        failed()
    } catch (_: SecurityException) {
        // The permission was taken back in the meantime.
        failed()
    } catch (_: IllegalStateException) {
        failed()
    } catch (_: IllegalArgumentException) {
        failed()
    } catch (_: Surface.OutOfResourcesException) {
        failed()
    }

    /** Lets go of the camera. Doing it twice does no harm. */
    fun close() {
        session?.close()
        device?.close()
        images?.close()
        thread?.quitSafely()
        session = null
        device = null
        images = null
        thread = null
        request = null
    }

    /** Turns the lamp on or off. */
    fun lamp(on: Boolean) {
        lamp = on
        val asked = request ?: return
        asked[CaptureRequest.FLASH_MODE] = if (on) CaptureRequest.FLASH_MODE_TORCH else CaptureRequest.FLASH_MODE_OFF
        trying {
            try {
                session?.setRepeatingRequest(asked.build(), null, null)
            } catch (_: IllegalStateException) {
                // Closed in the meantime: nothing to light.
            }
        }
    }

    private fun back(): String? = try {
        system.cameraIdList.firstOrNull {
            system.getCameraCharacteristics(it)[CameraCharacteristics.LENS_FACING] == CameraCharacteristics.LENS_FACING_BACK
        } ?: system.cameraIdList.firstOrNull()
    } catch (_: CameraAccessException) {
        null
    }

    private fun look(from: ImageReader) {
        val image = from.acquireLatestImage() ?: return
        val text = image.use {
            val plane = it.planes[0]
            reader.read(Grey.of(plane.buffer, it.width, it.height, plane.rowStride))
        }
        if (text != null) found(text)
    }

    /** What the camera gives is as the sensor lies; the view turns it only for an upright phone. */
    private fun turn(size: Size) {
        val rotation = view.display?.rotation ?: return
        if (rotation != Surface.ROTATION_90 && rotation != Surface.ROTATION_270) return
        val shown = RectF(0f, 0f, view.width.toFloat(), view.height.toFloat())
        val taken = RectF(0f, 0f, size.height.toFloat(), size.width.toFloat())
        taken.offset(shown.centerX() - taken.centerX(), shown.centerY() - taken.centerY())
        val scale = maxOf(shown.height() / size.height, shown.width() / size.width)
        view.setTransform(
            Matrix().apply {
                setRectToRect(shown, taken, Matrix.ScaleToFit.FILL)
                postScale(scale, scale, shown.centerX(), shown.centerY())
                postRotate(if (rotation == Surface.ROTATION_90) -90f else 90f, shown.centerX(), shown.centerY())
            },
        )
    }

    private inner class Opened(private val texture: SurfaceTexture, private val on: Handler) : CameraDevice.StateCallback() {
        override fun onOpened(camera: CameraDevice) {
            val frames = images?.surface ?: return camera.close()
            device = camera
            trying {
                val shown = Surface(texture)
                request = camera.createCaptureRequest(CameraDevice.TEMPLATE_PREVIEW).apply {
                    addTarget(shown)
                    addTarget(frames)
                    set(CaptureRequest.CONTROL_AF_MODE, CaptureRequest.CONTROL_AF_MODE_CONTINUOUS_PICTURE)
                }
                // The call that came in its place (API 28) does the same; this one is there since API 21.
                @Suppress("DEPRECATION")
                camera.createCaptureSession(listOf(shown, frames), Ready(), on)
            }
        }

        override fun onDisconnected(camera: CameraDevice) = camera.close()

        override fun onError(camera: CameraDevice, error: Int) {
            camera.close()
            failed()
        }
    }

    private inner class Ready : CameraCaptureSession.StateCallback() {
        override fun onConfigured(ready: CameraCaptureSession) {
            session = ready
            lamp(lamp)
        }

        override fun onConfigureFailed(session: CameraCaptureSession) = failed()
    }

    companion object {
        /** The largest size of at most 1.3 million points: enough for the largest code, and a slow phone keeps up with it. */
        internal fun picked(sizes: List<Size>): Size? {
            val fitting = sizes.filter { it.width.toLong() * it.height <= 1_300_000 }
            return fitting.maxByOrNull { it.width.toLong() * it.height } ?: sizes.minByOrNull { it.width.toLong() * it.height }
        }
    }
}
