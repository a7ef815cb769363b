package dev.roomful.micrometer;

import dev.roomful.admission.Rejection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The values of the tag {@code code} of rejections. An authenticator may put anything into a code,
 * so codes that are not the library's are bounded.
 */
final class CodeTag {
  /** How many codes of the application are told apart. */
  static final int MAX_APPLICATION_CODES = 32;

  static final String OTHER = "other";

  static final Set<String> LIBRARY_CODES =
      Set.of(
          Rejection.ALREADY_JOINED,
          Rejection.BANNED,
          Rejection.CHAT_FULL,
          Rejection.CLOSING,
          Rejection.EXPIRED,
          Rejection.FAILED,
          Rejection.GONE,
          Rejection.MUTED,
          Rejection.NAME,
          Rejection.NAME_TAKEN,
          Rejection.NOT_ALLOWED,
          Rejection.NOT_A_MEMBER,
          Rejection.NOT_FOUND,
          Rejection.ORIGIN,
          Rejection.OUTRANKED,
          Rejection.PARTICIPANT_ID,
          Rejection.REJECTED,
          Rejection.REVOKED,
          Rejection.ROOM_CLOSED,
          Rejection.ROOM_EMPTY,
          Rejection.ROOM_FULL,
          Rejection.ROOM_NAME,
          Rejection.SELF_TARGET,
          Rejection.TOO_FAST,
          Rejection.TOO_MANY_CONNECTIONS,
          Rejection.TOO_MANY_FROM_ADDRESS,
          Rejection.TOO_MANY_REACTIONS,
          Rejection.TOO_MANY_REVOCATIONS,
          Rejection.TOO_MANY_ROOMS,
          Rejection.TOO_MANY_ROOMS_JOINED,
          Rejection.TOO_MANY_SANCTIONS,
          Rejection.UNAVAILABLE,
          Rejection.UNKNOWN_ROOM);

  private final Set<String> applicationCodes = ConcurrentHashMap.newKeySet();

  String of(Rejection rejection) {
    String code = rejection.code();
    return LIBRARY_CODES.contains(code) || applicationCodes.contains(code) || add(code)
        ? code
        : OTHER;
  }

  private synchronized boolean add(String code) {
    return applicationCodes.size() < MAX_APPLICATION_CODES && applicationCodes.add(code);
  }
}
