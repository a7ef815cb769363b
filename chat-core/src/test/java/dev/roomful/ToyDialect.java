package dev.roomful;

import dev.roomful.protocol.PresenceEntry;
import dev.roomful.protocol.Protocol;
import dev.roomful.transport.Frame;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A dialect of shouting, which counts what it puts into words. */
final class ToyDialect implements Protocol {
  final List<String> phrased = new ArrayList<>();
  final List<String> framed = new ArrayList<>();
  UnaryOperator<CloseStatus> goodbye = UnaryOperator.identity();

  @Override
  public synchronized MessageTemplate templateFor(Message message) {
    String words = message.room().name() + "! " + message.payload();
    phrased.add(words);
    if (message.isText() && message.text().equals("unheard of")) {
      throw new IllegalStateException("no words");
    }
    return (position, time) -> {
      synchronized (this) {
        framed.add(words);
      }
      return message.isText()
          ? Frame.text(words + (position == null ? " ~" : " #" + position.offset()))
          : null;
    };
  }

  @Override
  public @Nullable Frame encodeNotice(Room room, Payload notice) {
    return Frame.text(room.name() + "* " + notice);
  }

  @Override
  public @Nullable Frame encodeDirect(Payload payload) {
    return payload.isText() ? Frame.text("psst " + payload.text()) : null;
  }

  @Override
  public Frame encodeJoin(Room room, PresenceEntry who) {
    return Frame.text(room.name() + "+ " + who.participant().name());
  }

  @Override
  public Frame encodeLeave(Room room, PresenceEntry who) {
    return Frame.text(room.name() + "- " + who.participant().name());
  }

  @Override
  public CloseStatus closeStatusFor(CloseStatus status) {
    return goodbye.apply(status);
  }
}
