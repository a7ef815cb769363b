package dev.roomful.examples;

import dev.roomful.Chat;
import dev.roomful.Outcome;
import dev.roomful.Participant;
import dev.roomful.Payload;
import dev.roomful.admission.Position;
import dev.roomful.centrifuge.Centrifuge;
import dev.roomful.centrifuge.RpcReply;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The remote calls of {@link RoomsExample} that are open to every participant. */
final class RoomCalls {
  private static final Logger LOGGER = Logger.getLogger(RoomCalls.class.getName());

  private final Chat chat;
  private final RoomDirectory directory;
  private final PrivateRooms privateRooms;
  private final Optional<MessageArchive> archive;

  RoomCalls(
      Chat chat,
      RoomDirectory directory,
      PrivateRooms privateRooms,
      Optional<MessageArchive> archive) {
    this.chat = chat;
    this.directory = directory;
    this.privateRooms = privateRooms;
    this.archive = archive;
  }

  Centrifuge registerOn(Centrifuge gateway) {
    Centrifuge calls = archive.isEmpty() ? gateway : gateway.withRpc("archive", this::readArchive);
    return calls
        .withRpc("rooms", (participant, data) -> listRooms(participant))
        .withRpc("name", RoomCalls::rename)
        .withRpc("create", this::createPrivateRoom)
        .withRpc("invite", this::invite)
        .withRpc("leave", this::leavePrivateRoom)
        .withRpc(
            "read",
            ModerationCalls.inRoom(
                chat,
                (room, reader, arguments) -> room.markRead(reader.id(), arguments.position())));
  }

  private static RpcReply rename(Participant participant, Payload data) {
    CallArguments arguments = CallArguments.of(data);
    return ModerationCalls.replyTo(
        () -> participant.rename(arguments.text("name")),
        () -> JsonPayloads.payload(JsonPayloads.object().put("name", participant.name())));
  }

  private RpcReply createPrivateRoom(Participant creator, Payload data) {
    String name = CallArguments.of(data).text("name");
    ObjectNode result = JsonPayloads.object();
    return ModerationCalls.replyTo(
        () -> {
          result.put("room", privateRooms.create(name, creator.id()));
          return Outcome.done();
        },
        () -> JsonPayloads.payload(result));
  }

  private RpcReply invite(Participant inviter, Payload data) {
    CallArguments arguments = CallArguments.of(data);
    return ModerationCalls.replyTo(
        () -> privateRooms.invite(chat, arguments.text("room"), inviter.id(), arguments.user()),
        () -> Payload.text("{}"));
  }

  /** All connections of the participant leave the room. */
  private RpcReply leavePrivateRoom(Participant participant, Payload data) {
    String room = CallArguments.of(data).text("room");
    return ModerationCalls.replyTo(
        () -> {
          privateRooms.remove(room, participant.id());
          if (PrivateRooms.isPrivateRoom(room)) {
            var unused = participant.leave(room); // rejected if it is not there
          }
          return Outcome.done();
        },
        () -> Payload.text("{}"));
  }

  /** Only those who are in a room read its messages; the others do not learn that it exists. */
  private RpcReply readArchive(Participant reader, Payload data) {
    CallArguments arguments = CallArguments.of(data);
    String name = arguments.text("room");
    if (chat.room(name).filter(room -> room.contains(reader)).isEmpty()) {
      return RpcReply.rejected(ModerationCalls.NO_ROOM);
    }
    try {
      MessageArchive.Page page =
          archive.orElseThrow().read(name, Position.parse(arguments.text("before")));
      ObjectNode result = JsonPayloads.object();
      page.messages().forEach(result.putArray("messages")::add);
      page.next().ifPresent(position -> result.put("next", position.toString()));
      return RpcReply.of(JsonPayloads.payload(result));
    } catch (UncheckedIOException failure) {
      LOGGER.log(Level.WARNING, "cannot read the archive", failure);
      return RpcReply.error(500, "older messages cannot be read"); // a page does not wait for them
    }
  }

  private RpcReply listRooms(Participant participant) {
    ObjectNode result = JsonPayloads.object();
    result.putObject("you").put("user", participant.id()).put("name", participant.name());
    ArrayNode openRooms = result.putArray("rooms");
    for (RoomDirectory.OpenRoom room : directory.openRooms(chat)) {
      openRooms
          .addObject()
          .put("room", room.name())
          .put("here", room.size())
          .put("topic", room.topic());
    }
    ArrayNode directRooms = result.putArray("direct");
    for (RoomDirectory.DirectRoom room : directory.directRooms(chat, participant.id())) {
      directRooms
          .addObject()
          .put("room", room.name())
          .put("user", room.otherId())
          .put("name", room.otherName().orElse("Unknown"));
    }
    ArrayNode ownPrivateRooms = result.putArray("private");
    privateRooms.roomsOf(participant.id()).forEach(ownPrivateRooms::add);
    return RpcReply.of(JsonPayloads.payload(result));
  }
}
