package dev.roomful;

import dev.roomful.admission.Position;
import dev.roomful.protocol.PresenceEntry;
import dev.roomful.protocol.Protocol;
import dev.roomful.transport.Frame;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A protocol for tests that records what it encodes. It cannot encode bytes. */
final class ToyProtocol implements Protocol {
  final List<String> templates = new ArrayList<>();
  final List<String> frames = new ArrayList<>();
  UnaryOperator<CloseStatus> closeMapping = UnaryOperator.identity();

  /** After so many accesses to maps with it as the key there is no memory for another one. */
  volatile int memory = Integer.MAX_VALUE;

  @Override
  public synchronized int hashCode() {
    if (memory <= 0) {
      throw new OutOfMemoryError("Java heap space");
    }
    memory--;
    return System.identityHashCode(this);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return this == other;
  }

  @Override
  public synchronized MessageTemplate templateFor(Message message) {
    String text = message.room().name() + "! " + message.payload();
    templates.add(text);
    if (message.isText() && message.text().equals("not encodable")) {
      throw new IllegalStateException("no template");
    }
    return (position, time) -> {
      synchronized (this) {
        frames.add(text);
      }
      return message.isText()
          ? Frame.text(text + (position == null ? " ~" : " #" + position.offset()))
          : null;
    };
  }

  @Override
  public @Nullable Frame encodeNotice(Room room, Payload notice) {
    return Frame.text(room.name() + "* " + notice);
  }

  @Override
  public @Nullable Frame encodeReadMark(Room room, String id, Position position, Payload notice) {
    return Frame.text(room.name() + "* " + id + " read " + position.offset() + " " + notice);
  }

  @Override
  public @Nullable Frame encodeDirect(Payload payload) {
    return payload.isText() ? Frame.text("psst " + payload.text()) : null;
  }

  @Override
  public Frame encodeJoin(Room room, PresenceEntry presence) {
    return Frame.text(room.name() + "+ " + presence.participant().name());
  }

  @Override
  public Frame encodeLeave(Room room, PresenceEntry presence) {
    return Frame.text(room.name() + "- " + presence.participant().name());
  }

  @Override
  public CloseStatus closeStatusFor(CloseStatus status) {
    return closeMapping.apply(status);
  }
}
