package dev.roomful;

import dev.roomful.dialect.Dialect;
import dev.roomful.dialect.Presence;
import dev.roomful.transport.Frame;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A dialect of shouting, which counts what it puts into words. */
final class ToyDialect implements Dialect {
  final List<String> phrased = new ArrayList<>();
  final List<String> framed = new ArrayList<>();
  UnaryOperator<CloseStatus> goodbye = UnaryOperator.identity();

  @Override
  public synchronized Phrase said(Message message) {
    String words = message.room().name() + "! " + message.payload();
    phrased.add(words);
    if (message.isText() && message.text().equals("unheard of")) {
      throw new IllegalStateException("no words");
    }
    return position -> {
      synchronized (this) {
        framed.add(words);
      }
      return message.isText()
          ? Frame.text(words + (position == null ? " ~" : " #" + position.offset()))
          : null;
    };
  }

  @Override
  public @Nullable Frame noticed(Room room, Payload notice) {
    return Frame.text(room.name() + "* " + notice);
  }

  @Override
  public @Nullable Frame told(Payload payload) {
    return payload.isText() ? Frame.text("psst " + payload.text()) : null;
  }

  @Override
  public Frame came(Room room, Presence who) {
    return Frame.text(room.name() + "+ " + who.participant().name());
  }

  @Override
  public Frame went(Room room, Presence who) {
    return Frame.text(room.name() + "- " + who.participant().name());
  }

  @Override
  public CloseStatus goodbye(CloseStatus status) {
    return goodbye.apply(status);
  }
}
