package dev.roomful.micrometer;

import dev.roomful.CloseStatus;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The values of the tag {@code reason} of closed sessions. Clients choose codes too, so others than
 * these are one value.
 */
final class CloseReasonTag {
  static final String OTHER = "other";

  private static final Map<Integer, String> BY_CODE = byCode();

  private CloseReasonTag() {}

  private static Map<Integer, String> byCode() {
    Map<Integer, String> names = new LinkedHashMap<>();
    names.put(CloseStatus.NORMAL.code(), "normal");
    names.put(
        1001, "going-away"); // what browsers send when a page is left (RFC 6455 section 7.4.1)
    names.put(CloseStatus.LOST.code(), "lost");
    names.put(1007, "invalid-text"); // a text that is not UTF-8, as servers report it
    names.put(CloseStatus.TOO_FAST.code(), "too-fast");
    names.put(CloseStatus.TOO_BIG.code(), "too-big");
    names.put(CloseStatus.FAILED.code(), "failed");
    names.put(CloseStatus.RESTART.code(), "restart");
    names.put(CloseStatus.FULL.code(), "full");
    names.put(CloseStatus.IDLE_TIMEOUT.code(), "idle-timeout");
    names.put(CloseStatus.TOO_SLOW.code(), "too-slow");
    names.put(CloseStatus.KICKED.code(), "kicked");
    names.put(CloseStatus.ROOM_CLOSED.code(), "room-closed");
    names.put(CloseStatus.BANNED.code(), "banned");
    names.put(CloseStatus.RESUMED.code(), "resumed");
    names.put(CloseStatus.NOT_ENCODABLE.code(), "not-encodable");
    names.put(CloseStatus.RELOAD.code(), "reload");
    names.put(CloseStatus.REVOKED.code(), "revoked");
    names.put(CloseStatus.NOT_ADMITTED.code(), "not-admitted");
    names.put(CloseStatus.EXPIRED.code(), "expired");
    return names;
  }

  static String of(CloseStatus status) {
    return BY_CODE.getOrDefault(status.code(), OTHER);
  }

  /** {@return all values} */
  static List<String> values() {
    return Stream.concat(BY_CODE.values().stream(), Stream.of(OTHER)).toList();
  }
}
