import com.android.build.api.artifact.SingleArtifact
import com.android.build.api.variant.BuiltArtifactsLoader
import com.android.build.api.variant.FilterConfiguration.FilterType
import java.util.Properties

plugins {
    alias(libs.plugins.android.application)
    alias(libs.plugins.kotlin.compose)
}

/** Puts the built APKs where `sanji serve --apps FOLDER` finds them: sanji-<version>-<abi>.apk. */
abstract class HandOver : DefaultTask() {
    @get:InputDirectory abstract val apks: DirectoryProperty
    @get:Internal abstract val loader: Property<BuiltArtifactsLoader>
    @get:Input abstract val versionName: Property<String>
    @get:OutputDirectory abstract val output: DirectoryProperty

    @TaskAction
    fun copy() {
        val built = checkNotNull(loader.get().load(apks.get())) { "there is no APK in ${apks.get()}" }
        for (apk in built.elements) {
            val abi = apk.filters.single { it.filterType == FilterType.ABI }.identifier
            File(apk.outputFile).copyTo(output.file("sanji-${versionName.get()}-$abi.apk").get().asFile, overwrite = true)
        }
    }
}

/** The version of the whole workspace. */
val sanjiVersion = providers.fileContents(layout.projectDirectory.file("../../Cargo.toml")).asText.map { toml ->
    val section = toml.substringAfter("[workspace.package]").substringBefore("\n[")
    checkNotNull(Regex("(?m)^version = \"(\\d+\\.\\d+\\.\\d+)\"").find(section)) { "Cargo.toml names no version" }.groupValues[1]
}

/** Where the signing key lies: from the environment, else from android/keystore.properties (never committed). */
val keystore = Properties().apply {
    val file = rootProject.file("keystore.properties")
    if (file.isFile) file.inputStream().use(::load)
}

fun signing(name: String, variable: String): String? =
    providers.environmentVariable(variable).orNull ?: keystore.getProperty(name)

android {
    namespace = "org.sanji.app"
    compileSdk = libs.versions.compileSdk.get().toInt()
    defaultConfig {
        applicationId = "org.sanji.app"
        minSdk = libs.versions.minSdk.get().toInt()
        targetSdk = libs.versions.targetSdk.get().toInt()
        val (major, minor, patch) = sanjiVersion.get().split('.').map(String::toInt)
        versionName = sanjiVersion.get()
        versionCode = major * 1_000_000 + minor * 1_000 + patch
    }
    compileOptions {
        sourceCompatibility = JavaVersion.VERSION_17
        targetCompatibility = JavaVersion.VERSION_17
    }
    sourceSets.named("main") { kotlin.directories.add("src/compose/kotlin") }
    buildFeatures { compose = true }
    // One file for each kind of processor: a village fetches only what its phone can use.
    splits.abi {
        isEnable = true
        reset()
        include("arm64-v8a", "armeabi-v7a", "x86_64")
        isUniversalApk = false
    }
    // Packed, though the phone then unpacks it: the file comes over 2G.
    packaging.jniLibs.useLegacyPackaging = true
    // For debuggers and for reflection by Kotlin's own library: neither is used.
    packaging.resources.excludes += setOf("DebugProbesKt.bin", "kotlin/**", "META-INF/*.version", "META-INF/versions/**")
    signingConfigs.create("release") {
        signing("storeFile", "SANJI_KEYSTORE")?.let { storeFile = rootProject.file(it) }
        storePassword = signing("storePassword", "SANJI_KEYSTORE_PASSWORD")
        keyAlias = signing("keyAlias", "SANJI_KEY_ALIAS")
        keyPassword = signing("keyPassword", "SANJI_KEY_PASSWORD")
    }
    buildTypes.named("release") {
        isMinifyEnabled = true
        isShrinkResources = true
        proguardFiles(getDefaultProguardFile("proguard-android-optimize.txt"), "proguard-rules.pro")
        signingConfig = signingConfigs.getByName("release").takeIf { it.storeFile != null }
    }
    lint {
        // Calls that API 24 doesn't have, and permissions that are used without being asked for.
        error += setOf("NewApi", "InlinedApi", "MissingPermission")
        abortOnError = true
    }
}

androidComponents {
    onVariants(selector().withBuildType("release")) { variant ->
        tasks.register<HandOver>("handOver") {
            description = "Builds the release and puts its files into app/build/hand-over, ready for `sanji serve --apps`."
            group = "build"
            apks = variant.artifacts.get(SingleArtifact.APK)
            loader = variant.artifacts.getBuiltArtifactsLoader()
            versionName = sanjiVersion
            output = layout.buildDirectory.dir("hand-over")
        }
    }
}

dependencies {
    implementation(project(":ui"))
    implementation(libs.compose.foundation)
    implementation(libs.activity.compose)
    implementation(libs.lifecycle.runtime)
    implementation(libs.zxing)
}
