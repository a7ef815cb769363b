package dev.roomful.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The Lua scripts, each one atomic operation in one round trip. */
enum Script {
  APPEND("append"),
  READ("read"),
  SNAPSHOT("snapshot"),
  STORE_SNAPSHOT("store-snapshot"),
  REPLACE("replace"),
  RENEW_LEASE("renew-lease"),
  RELEASE_LEASE("release-lease"),
  LIVE_NODES("live-nodes"),
  CHECK_PERMISSIONS("check-permissions");

  private final String text;
  private final String digest;

  Script(String file) {
    try (InputStream in = Script.class.getResourceAsStream(file + ".lua")) {
      if (in == null) {
        throw new IllegalStateException(file + ".lua is not in the jar of chat-redis");
      }
      byte[] bytes = in.readAllBytes();
      text = new String(bytes, StandardCharsets.US_ASCII);
      digest = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(bytes));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  byte[] text() {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** {@return how Redis names the script} */
  String digest() {
    return digest;
  }
}
