package org.sanji.app

import android.security.keystore.KeyGenParameterSpec
import android.security.keystore.KeyProperties
import java.security.KeyStore
import javax.crypto.KeyGenerator
import javax.crypto.SecretKey

/** Where the key of one folder of records lies, which never leaves the phone. */
interface KeyBox {
    /** The key; absent if there is none. */
    fun key(): SecretKey?

    /** Makes a new key in place of an old one. */
    fun renew(): SecretKey
}

/**
 * The system's Keystore. The key asks for no finger and no screen lock, so that records are kept and sent while the phone lies in a
 * pocket, and a new finger or lock doesn't take it away; it may lie in a separate chip but need not, since many phones have none.
 */
class AndroidKeyBox(private val alias: String) : KeyBox {
    private val store: KeyStore by lazy { KeyStore.getInstance(STORE).apply { load(null) } }

    override fun key(): SecretKey? = store.getKey(alias, null) as SecretKey?

    override fun renew(): SecretKey {
        store.deleteEntry(alias)
        val use = KeyProperties.PURPOSE_ENCRYPT or KeyProperties.PURPOSE_DECRYPT
        val spec = KeyGenParameterSpec.Builder(alias, use)
            .setKeySize(256)
            .setBlockModes(KeyProperties.BLOCK_MODE_GCM)
            .setEncryptionPaddings(KeyProperties.ENCRYPTION_PADDING_NONE)
            .build()
        return KeyGenerator.getInstance(KeyProperties.KEY_ALGORITHM_AES, STORE).apply { init(spec) }.generateKey()
    }

    private companion object {
        const val STORE = "AndroidKeyStore"
    }
}
