package dev.roomful.centrifuge;

import dev.roomful.CloseStatus;
import dev.roomful.Message;
import dev.roomful.Payload;
import dev.roomful.Room;
import dev.roomful.admission.Position;
import dev.roomful.protocol.PresenceEntry;
import dev.roomful.protocol.Protocol;
import dev.roomful.transport.Frame;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One form of the protocol: encodes the events of rooms as frames. */
final class CentrifugeProtocol implements Protocol {
  static final CentrifugeProtocol JSON = new CentrifugeProtocol(new JsonCodec());

  final Codec codec;

  CentrifugeProtocol(Codec codec) {
    this.codec = codec;
  }

  /**
   * Selects the form for a client: Protobuf if it offers that, otherwise JSON, for which browsers
   * offer no subprotocol.
   *
   * @param offered the subprotocols of the client, the preferred one first
   * @param protobuf the Protobuf form, null if it is not available
   */
  static CentrifugeProtocol select(List<String> offered, @Nullable CentrifugeProtocol protobuf) {
    for (String name : offered) {
      if (name.equals(JSON.codec.subprotocol())) {
        return JSON;
      }
      if (protobuf != null && name.equals(protobuf.codec.subprotocol())) {
        return protobuf;
      }
    }
    return JSON;
  }

  Frame frame(ServerMessage message) {
    return frame(codec.encode(message));
  }

  Frame frame(byte[] encoded) {
    return codec.isText() ? Frame.text(encoded) : Frame.binary(encoded);
  }

  @Override
  public MessageTemplate templateFor(Message message) {
    Publication publication = ProtocolMapping.publication(message);
    PublicationTemplate template = codec.publicationTemplate(message.room().name(), publication);
    return (position, time) ->
        frame(template.frameAt(position == null ? 0 : position.offset(), time.toEpochMilli()));
  }

  @Override
  public Frame encodeNotice(Room room, Payload notice) {
    return frame(new Push.Publish(room.name(), Publication.of(ProtocolMapping.data(notice))));
  }

  @Override
  public Frame encodeReadMark(Room room, String id, Position position, Payload notice) {
    Map<String, String> tags =
        Map.of(Centrifuge.READER_TAG, id, Centrifuge.READ_TAG, position.toString());
    return frame(
        new Push.Publish(
            room.name(), new Publication(ProtocolMapping.data(notice), null, 0, tags, 0)));
  }

  @Override
  public Frame encodeDirect(Payload payload) {
    return frame(new Push.DirectMessage(ProtocolMapping.data(payload)));
  }

  @Override
  public Frame encodeJoin(Room room, PresenceEntry who) {
    return frame(new Push.Join(room.name(), ProtocolMapping.info(who)));
  }

  @Override
  public Frame encodeLeave(Room room, PresenceEntry who) {
    return frame(new Push.Leave(room.name(), ProtocolMapping.info(who)));
  }

  @Override
  public CloseStatus closeStatusFor(CloseStatus status) {
    return ProtocolMapping.closeStatusFor(status);
  }
}
