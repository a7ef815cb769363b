package dev.roomful.centrifuge;

import dev.roomful.Amendment;
import dev.roomful.CloseStatus;
import dev.roomful.Message;
import dev.roomful.Participant;
import dev.roomful.Payload;
import dev.roomful.Sender;
import dev.roomful.admission.Position;
import dev.roomful.admission.Rejection;
import dev.roomful.protocol.PresenceEntry;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Maps the chat's payloads, rejections and close statuses to the protocol, and back. */
final class ProtocolMapping {
  private ProtocolMapping() {}

  /**
   * A text that is JSON is that value, character for character; any other text is a JSON string.
   */
  static RawData data(Payload payload) {
    if (!payload.isText()) {
      byte[] bytes = new byte[payload.bytes().remaining()];
      payload.bytes().get(bytes);
      return RawData.of(bytes);
    }
    RawData data = RawData.of(payload.text());
    return data.isJson() ? data : jsonString(payload.text());
  }

  private static RawData jsonString(String text) {
    JsonFieldWriter fields = new JsonFieldWriter();
    fields.json.writeString(text);
    return RawData.json(fields.finish());
  }

  /** JSON of either form is text; anything else in Protobuf is bytes. */
  static Payload payload(RawData data) {
    return data.isJson() ? Payload.text(data.text()) : Payload.bytes(data.bytes());
  }

  static ClientInfo info(Participant participant, String connectionId, Optional<Payload> chanInfo) {
    Object info = participant.attributes().get(Participant.INFO);
    return new ClientInfo(
        participant.id(),
        connectionId,
        connInfo(participant.id(), participant.name(), info == null ? null : info.toString()),
        chanInfo.map(ProtocolMapping::data).orElse(RawData.NONE));
  }

  static ClientInfo info(PresenceEntry entry) {
    return info(entry.participant(), entry.connectionId(), entry.connectionInfo());
  }

  private static ClientInfo info(Sender sender) {
    return new ClientInfo(
        sender.id(),
        sender.connectionId().orElse(""),
        connInfo(sender.id(), sender.name(), sender.info().orElse(null)),
        sender.connectionInfo().map(ProtocolMapping::data).orElse(RawData.NONE));
  }

  /** {@return the info of a token as text, which every client can receive} */
  static Optional<Payload> chanInfo(RawData info) {
    return info.isEmpty() ? Optional.empty() : Optional.of(Payload.text(info.text()));
  }

  private static RawData connInfo(String id, String name, @Nullable String info) {
    if (info != null) {
      RawData data = RawData.of(info);
      return data.isJson() ? data : jsonString(info);
    }
    if (name.equals(id)) {
      return RawData.NONE;
    }
    JsonFieldWriter fields = new JsonFieldWriter();
    fields.json.writeStartObject();
    fields.string("name", name);
    fields.json.writeEndObject();
    return RawData.json(fields.finish());
  }

  /** {@return the publication of a message, with offset 0 for a message without a position} */
  static Publication publication(Message message) {
    ClientInfo info = message.isAnnouncement() ? null : info(message.sender());
    return new Publication(
        data(message.payload()),
        info,
        message.position().map(Position::offset).orElse(0L),
        tags(message),
        message.time().toEpochMilli());
  }

  /** The headers of a message, and its amendment; see {@link Centrifuge} for the names. */
  private static Map<String, String> tags(Message message) {
    Amendment amendment = message.amendment().orElse(null);
    if (amendment == null) {
      return message.headers();
    }
    Map<String, String> tags = new LinkedHashMap<>(message.headers());
    tags.put(Centrifuge.AMENDMENT_TAG, amendment.kind().name().toLowerCase(Locale.ROOT));
    tags.put(Centrifuge.TARGET_TAG, amendment.target().toString());
    amendment.reaction().ifPresent(reaction -> tags.put(Centrifuge.REACTION_TAG, reaction));
    return tags;
  }

  static StreamPosition position(Position position) {
    return new StreamPosition(position.offset(), position.epoch());
  }

  /** {@return the member {@code name} of an object, or null} */
  static @Nullable String name(RawData data) {
    return strings(data).get("name");
  }

  /** {@return the members of an object that are strings; empty for anything but an object} */
  static Map<String, String> strings(RawData data) {
    if (data.isEmpty()) {
      return Map.of();
    }
    Map<String, String> strings = new HashMap<>();
    try {
      CharBuffer text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(data.bytes()));
      try (JsonObjectReader reader = new JsonObjectReader(text.array(), 0, text.length())) {
        reader.readDocument(
            member -> {
              if (reader.isString()) {
                strings.put(reader.requireWellFormed(member), reader.string());
              }
            });
      }
      return strings;
    } catch (MalformedFrameException | CharacterCodingException noObject) {
      return Map.of();
    }
  }

  private static final Map<String, ClientError> ERRORS =
      Map.ofEntries(
          Map.entry(Rejection.CLOSING, new ClientError(100, "shutting down", true)),
          Map.entry(Rejection.FAILED, ClientError.INTERNAL),
          Map.entry(Rejection.GONE, ClientError.INTERNAL),
          Map.entry(Rejection.ROOM_FULL, ClientError.LIMIT_EXCEEDED),
          Map.entry(Rejection.TOO_MANY_ROOMS, ClientError.LIMIT_EXCEEDED),
          Map.entry(Rejection.TOO_MANY_ROOMS_JOINED, ClientError.LIMIT_EXCEEDED),
          Map.entry(Rejection.CHAT_FULL, ClientError.LIMIT_EXCEEDED),
          Map.entry(Rejection.UNKNOWN_ROOM, ClientError.UNKNOWN_CHANNEL),
          Map.entry(Rejection.ROOM_NAME, ClientError.BAD_REQUEST),
          Map.entry(Rejection.NAME, ClientError.BAD_REQUEST),
          Map.entry(Rejection.PARTICIPANT_ID, ClientError.BAD_REQUEST),
          Map.entry(Rejection.TOO_FAST, ClientError.TOO_MANY_REQUESTS),
          Map.entry(Rejection.ALREADY_JOINED, ClientError.ALREADY_SUBSCRIBED));

  /** {@return the protocol's code for a rejection, with its reason} */
  static ClientError errorFor(Rejection rejection) {
    ClientError error = errorForCode(rejection);
    return rejection.reason().isEmpty()
        ? error
        : new ClientError(error.code(), rejection.reason(), error.temporary());
  }

  private static ClientError errorForCode(Rejection rejection) {
    ClientError error = ERRORS.get(rejection.code());
    if (error != null) {
      return error;
    }
    return switch (rejection.status()) {
      case 401 -> ClientError.UNAUTHORIZED;
      case 404 -> ClientError.UNKNOWN_CHANNEL;
      case 429 -> ClientError.TOO_MANY_REQUESTS;
      default -> rejection.status() < 500 ? ClientError.PERMISSION_DENIED : ClientError.INTERNAL;
    };
  }

  /** {@return the protocol's disconnect for a close status of the chat, if there is one} */
  static CloseStatus closeStatusFor(CloseStatus status) {
    Disconnect disconnect =
        switch (status.code()) {
          case 1000, 4003, 4004, 4005, 4009 -> Disconnect.FORCE_NO_RECONNECT;
          case 1008 -> Disconnect.TOO_MANY_REQUESTS;
          case 1011 -> Disconnect.SERVER_ERROR;
          case 1012 -> Disconnect.SHUTDOWN;
          case 1013 -> Disconnect.FORCE_RECONNECT; // after a delay; there may be room then
          case 4001 -> Disconnect.NO_PONG;
          case 4002 -> Disconnect.SLOW;
          case 4008 -> Disconnect.INSUFFICIENT_STATE; // it recovers, and is told that it cannot
          case 4007 -> Disconnect.INAPPROPRIATE_PROTOCOL;
          case 4010 -> Disconnect.EXPIRED;
          default -> null;
        };
    return disconnect == null ? status : toCloseStatus(disconnect);
  }

  static CloseStatus toCloseStatus(Disconnect disconnect) {
    return new CloseStatus(disconnect.code(), disconnect.reason());
  }
}
