package org.sanji.app

import android.app.Application
import android.graphics.ImageFormat
import android.graphics.SurfaceTexture
import android.hardware.camera2.CameraAccessException
import android.hardware.camera2.CameraCharacteristics
import android.hardware.camera2.CameraManager
import android.hardware.camera2.CaptureRequest
import android.hardware.camera2.impl.CameraDeviceImpl
import android.util.Size
import android.view.TextureView
import org.junit.After
import org.junit.Assert.assertEquals
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config
import org.robolectric.annotation.Implementation
import org.robolectric.annotation.Implements
import org.robolectric.shadows.ShadowCameraCharacteristics
import org.robolectric.shadows.ShadowCameraDeviceImpl
import org.robolectric.shadows.StreamConfigurationMapBuilder
import java.util.concurrent.atomic.AtomicInteger

/** A camera that fails as it is spoken with, once it is open. */
@Implements(CameraDeviceImpl::class)
class FailingCamera : ShadowCameraDeviceImpl() {
    @Implementation
    override fun createCaptureRequest(template: Int): CaptureRequest.Builder {
        asked.incrementAndGet()
        failure?.let { throw it }
        return super.createCaptureRequest(template)
    }

    companion object {
        @Volatile var failure: Exception? = null
        val asked = AtomicInteger()
    }
}

@RunWith(RobolectricTestRunner::class)
@Config(sdk = [35], application = Application::class, shadows = [FailingCamera::class])
class QrCameraTest {
    private val context = RuntimeEnvironment.getApplication()
    private val system = requireNotNull(context.getSystemService(CameraManager::class.java))
    private val failures = AtomicInteger()
    private val texture = SurfaceTexture(0)
    private val camera = QrCamera(context, TextureView(context), {}) { failures.incrementAndGet() }

    init {
        FailingCamera.failure = null
        FailingCamera.asked.set(0)
        val back = ShadowCameraCharacteristics.newCameraCharacteristics()
        shadowOf(back).run {
            set(CameraCharacteristics.LENS_FACING, CameraCharacteristics.LENS_FACING_BACK)
            val sizes = StreamConfigurationMapBuilder.newBuilder().addOutputSize(ImageFormat.YUV_420_888, Size(1280, 720)).build()
            set(CameraCharacteristics.SCALER_STREAM_CONFIGURATION_MAP, sizes)
        }
        shadowOf(system).addCamera("0", back)
    }

    @After fun close() = camera.close()

    @Test fun `a camera that opens is spoken with, and nothing fails`() {
        camera.open(texture)
        await { Unit.takeIf { FailingCamera.asked.get() == 1 } }
        camera.close()
        assertEquals(0, failures.get())
    }

    @Test fun `a camera that is let go of or taken away as it opens is no camera, and nothing ends`() {
        val taken = listOf(
            CameraAccessException(CameraAccessException.CAMERA_DISCONNECTED), IllegalStateException("closed"), IllegalArgumentException("no surface"),
        )
        for ((n, failure) in taken.withIndex()) {
            FailingCamera.failure = failure
            camera.open(texture)
            await { Unit.takeIf { failures.get() == n + 1 } }
            camera.close()
        }
    }

    @Test fun `without any camera it is said`() {
        shadowOf(system).removeCamera("0")
        camera.open(texture)
        assertEquals(1, failures.get())
    }
}
