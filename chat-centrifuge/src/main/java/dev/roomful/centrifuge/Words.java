package dev.roomful.centrifuge;

import dev.roomful.CloseStatus;
import dev.roomful.Message;
import dev.roomful.Participant;
import dev.roomful.Payload;
import dev.roomful.Position;
import dev.roomful.Refusal;
import dev.roomful.dialect.Presence;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the chat's words are called in the protocol, and the other way round. */
final class Words {
  private Words() {}

  /** A text that is JSON is that value, letter for letter; any other text is a JSON string. */
  static Data data(Payload payload) {
    if (!payload.isText()) {
      byte[] bytes = new byte[payload.bytes().remaining()];
      payload.bytes().get(bytes);
      return Data.of(bytes);
    }
    Data data = Data.of(payload.text());
    return data.isJson() ? data : quoted(payload.text());
  }

  private static Data quoted(String text) {
    JsonFields fields = new JsonFields();
    fields.json.writeString(text);
    return Data.of(fields.whole());
  }

  /** JSON in either form is text; what else Protobuf carries is bytes. */
  static Payload payload(Data data) {
    return data.isJson() ? Payload.text(data.text()) : Payload.bytes(data.bytes());
  }

  static ClientInfo info(Participant who, String connection, Optional<Payload> badge) {
    return new ClientInfo(
        who.id(), connection, known(who), badge.map(Words::data).orElse(Data.NONE));
  }

  static ClientInfo info(Presence one) {
    return info(one.participant(), one.connection(), one.badge());
  }

  /** What a token tells others, in a form that each of them can be told: text. */
  static Optional<Payload> badge(Data info) {
    return info.isEmpty() ? Optional.empty() : Optional.of(Payload.text(info.text()));
  }

  private static Data known(Participant who) {
    Object info = who.attributes().get(Centrifuge.INFO);
    if (info != null) {
      Data data = Data.of(info.toString());
      return data.isJson() ? data : quoted(info.toString());
    }
    if (who.name().equals(who.id())) {
      return Data.NONE;
    }
    JsonFields fields = new JsonFields();
    fields.json.writeStartObject();
    fields.string("name", who.name());
    fields.json.writeEndObject();
    return Data.of(fields.whole());
  }

  /** As it was kept, or without an offset. */
  static Publication publication(Message message) {
    ClientInfo info =
        message.isAnnouncement()
            ? null
            : info(message.sender(), message.connection().orElse(""), message.badge());
    return Publication.of(
        data(message.payload()), info, message.position().map(Position::offset).orElse(0L));
  }

  static StreamPosition position(Position position) {
    return new StreamPosition(position.offset(), position.epoch());
  }

  /** A name in an object that a client or a token gave, or null. */
  static @Nullable String name(Data data) {
    if (data.isEmpty()) {
      return null;
    }
    String[] name = new String[1];
    try {
      CharBuffer text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(data.bytes()));
      try (Members members = new Members(text.array(), 0, text.length())) {
        members.document(
            member -> {
              if (member.equals("name")) {
                name[0] = members.string();
              }
            });
      }
      return name[0];
    } catch (Malformed | CharacterCodingException noObjectWithOne) {
      return null;
    }
  }

  private static final Map<String, ClientError> ERRORS =
      Map.ofEntries(
          Map.entry(Refusal.CLOSING, new ClientError(100, "shutting down", true)),
          Map.entry(Refusal.FAILED, ClientError.INTERNAL),
          Map.entry(Refusal.GONE, ClientError.INTERNAL),
          Map.entry(Refusal.ROOM_FULL, ClientError.LIMIT_EXCEEDED),
          Map.entry(Refusal.TOO_MANY_ROOMS, ClientError.LIMIT_EXCEEDED),
          Map.entry(Refusal.TOO_MANY_ROOMS_JOINED, ClientError.LIMIT_EXCEEDED),
          Map.entry(Refusal.CHAT_FULL, ClientError.LIMIT_EXCEEDED),
          Map.entry(Refusal.UNKNOWN_ROOM, ClientError.UNKNOWN_CHANNEL),
          Map.entry(Refusal.ROOM_NAME, ClientError.BAD_REQUEST),
          Map.entry(Refusal.NAME, ClientError.BAD_REQUEST),
          Map.entry(Refusal.PARTICIPANT_ID, ClientError.BAD_REQUEST),
          Map.entry(Refusal.TOO_FAST, ClientError.TOO_MANY_REQUESTS),
          Map.entry(Refusal.ALREADY_IN, ClientError.ALREADY_SUBSCRIBED));

  static ClientError error(Refusal refusal) {
    ClientError error = ERRORS.get(refusal.code());
    if (error != null) {
      return error;
    }
    return switch (refusal.status()) {
      case 401 -> ClientError.UNAUTHORIZED;
      case 404 -> ClientError.UNKNOWN_CHANNEL;
      case 429 -> ClientError.TOO_MANY_REQUESTS;
      default -> refusal.status() < 500 ? ClientError.PERMISSION_DENIED : ClientError.INTERNAL;
    };
  }

  /** What the chat closes a connection with, as far as the protocol has a word for it. */
  static CloseStatus goodbye(CloseStatus status) {
    Disconnect why =
        switch (status.code()) {
          case 1000, 4003, 4004, 4005 -> Disconnect.FORCE_NO_RECONNECT;
          case 1008 -> Disconnect.TOO_MANY_REQUESTS;
          case 1011 -> Disconnect.SERVER_ERROR;
          case 1012 -> Disconnect.SHUTDOWN;
          case 1013 -> Disconnect.FORCE_RECONNECT; // after a while, when there may be a place
          case 4001 -> Disconnect.NO_PONG;
          case 4002 -> Disconnect.SLOW;
          case 4007 -> Disconnect.INAPPROPRIATE_PROTOCOL;
          default -> null;
        };
    return why == null ? status : status(why);
  }

  static CloseStatus status(Disconnect why) {
    return new CloseStatus(why.code(), why.reason());
  }
}
