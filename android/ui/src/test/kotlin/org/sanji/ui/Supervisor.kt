package org.sanji.ui

import org.sanji.checks.Relay
import java.net.URI
import java.net.http.HttpClient
import java.net.http.HttpRequest
import java.net.http.HttpResponse
import java.security.SecureRandom
import java.security.cert.X509Certificate
import javax.net.ssl.SSLContext
import javax.net.ssl.X509ExtendedTrustManager
import javax.net.ssl.SSLEngine
import java.net.Socket

/** Somebody of the county at a browser, signed in to the review pages. */
class Supervisor(private val relay: Relay, role: String = "supervisor") {
    private val client: HttpClient = HttpClient.newBuilder()
        .sslContext(SSLContext.getInstance("TLS").apply { init(null, arrayOf(Anyone), SecureRandom()) }).build()

    private val session: String

    init {
        val account = "reviewer${System.nanoTime()}"
        val said = relay.command("user", "add", account, "--role", role, "--display", "监督员")
        val password = checkNotNull(Regex("\"password\"\\s*:\\s*\"([^\"]+)\"").find(said)) { said }.groupValues[1]
        val form = HttpRequest.newBuilder(address("/sign-in")).header("content-type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString("name=$account&password=$password")).build()
        val answer = client.send(form, HttpResponse.BodyHandlers.ofString())
        val set = answer.headers().firstValue("set-cookie").orElseThrow { AssertionError("${answer.statusCode()}: ${answer.body()}") }
        session = set.substringBefore(';')
    }

    /** A page's HTML. */
    fun page(path: String): String {
        val request = HttpRequest.newBuilder(address(path)).header("cookie", session).build()
        val answer = client.send(request, HttpResponse.BodyHandlers.ofString())
        check(answer.statusCode() == 200) { "$path: ${answer.statusCode()} ${answer.headers().map()["location"]}" }
        return answer.body()
    }

    private fun address(path: String) = URI("https://${relay.address}$path")

    /** The test's relay makes its own certificate; phones pin it, this browser believes it. */
    private object Anyone : X509ExtendedTrustManager() {
        override fun checkClientTrusted(chain: Array<X509Certificate>?, kind: String?, socket: Socket?) = Unit
        override fun checkServerTrusted(chain: Array<X509Certificate>?, kind: String?, socket: Socket?) = Unit
        override fun checkClientTrusted(chain: Array<X509Certificate>?, kind: String?, engine: SSLEngine?) = Unit
        override fun checkServerTrusted(chain: Array<X509Certificate>?, kind: String?, engine: SSLEngine?) = Unit
        override fun checkClientTrusted(chain: Array<X509Certificate>?, kind: String?) = Unit
        override fun checkServerTrusted(chain: Array<X509Certificate>?, kind: String?) = Unit
        override fun getAcceptedIssuers() = emptyArray<X509Certificate>()
    }
}
