package dev.roomful.centrifuge;

import dev.roomful.CloseStatus;
import dev.roomful.Message;
import dev.roomful.Payload;
import dev.roomful.Room;
import dev.roomful.dialect.Dialect;
import dev.roomful.dialect.Presence;
import dev.roomful.transport.Frame;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One of the protocol's forms as a dialect: what happens in rooms, in frames. */
final class Form implements Dialect {
  static final Form JSON = new Form(new JsonCodec());
  static final Form PROTOBUF = new Form(new ProtobufCodec());

  final Codec codec;

  private Form(Codec codec) {
    this.codec = codec;
  }

  /** The form of a client that offers these subprotocols: browsers that speak JSON offer none. */
  static Form of(List<String> subprotocols) {
    return subprotocols.stream()
        .filter(Centrifuge.SUBPROTOCOLS::contains)
        .findFirst()
        .filter(PROTOBUF.codec.subprotocol()::equals)
        .map(protobuf -> PROTOBUF)
        .orElse(JSON);
  }

  Frame frame(Outgoing message) {
    return frame(codec.encode(message));
  }

  Frame frame(byte[] encoded) {
    return codec.isText() ? Frame.text(encoded) : Frame.binary(encoded);
  }

  @Override
  public Phrase said(Message message) {
    Publication publication = Words.publication(message);
    if (!codec.carries(publication.data())) {
      return position -> null;
    }
    Stencil stencil = codec.publication(message.room().name(), publication);
    return position -> frame(stencil.at(position == null ? 0 : position.offset()));
  }

  @Override
  public @Nullable Frame noticed(Room room, Payload notice) {
    Data data = Words.data(notice);
    return codec.carries(data)
        ? frame(new Push.Said(room.name(), Publication.of(data, null, 0)))
        : null;
  }

  @Override
  public @Nullable Frame told(Payload payload) {
    Data data = Words.data(payload);
    return codec.carries(data) ? frame(new Push.Message(data)) : null;
  }

  @Override
  public Frame came(Room room, Presence who) {
    return frame(new Push.Join(room.name(), Words.info(who)));
  }

  @Override
  public Frame went(Room room, Presence who) {
    return frame(new Push.Leave(room.name(), Words.info(who)));
  }

  @Override
  public CloseStatus goodbye(CloseStatus status) {
    return Words.goodbye(status);
  }
}
