package dev.roomful.internal.room;

import dev.roomful.DisplayNames;
import dev.roomful.Limits;
import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.Rejection;
import dev.roomful.internal.state.Rejections;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Checks whether a client that was admitted could join its room now; nothing is reserved. */
final class AdmissionCheck {
  private final RoomEnvironment environment;
  private final RoomRegistry rooms;
  private final Function<String, Optional<LiveParticipant>> participants;

  AdmissionCheck(
      RoomEnvironment environment,
      RoomRegistry rooms,
      Function<String, Optional<LiveParticipant>> participants) {
    this.environment = environment;
    this.rooms = rooms;
    this.participants = participants;
  }

  Optional<Rejection> check(AcceptedAdmission admission) {
    Optional<LiveParticipant> present = participants.apply(admission.id());
    LiveRoom room = rooms.get(admission.room()).orElse(null);
    return rooms
        .banRejection(admission.room(), admission.id())
        .or(() -> checkConnections(admission, present))
        .or(
            () ->
                room != null && present.filter(room::contains).isPresent()
                    ? Optional.empty()
                    : checkRoom(admission, room).or(() -> checkRooms(present)));
  }

  private Optional<Rejection> checkConnections(
      AcceptedAdmission admission, Optional<LiveParticipant> present) {
    int limit = environment.limits().connectionsPerParticipant();
    return present
        .filter(one -> admission.resumeSecret() == null && one.connections() >= limit)
        .map(one -> Rejections.tooManyConnections(admission.id(), limit));
  }

  private Optional<Rejection> checkRoom(AcceptedAdmission admission, @Nullable LiveRoom room) {
    String name = admission.room();
    Limits limits = environment.limits();
    if (room == null) {
      return rooms.isUnknown(name)
          ? Optional.of(Rejections.unknownRoom(name))
          : rooms.hasPlace()
              ? Optional.empty()
              : Optional.of(Rejections.tooManyRooms(limits.rooms()));
    }
    if (room.size() >= room.options().capacity()) {
      return Optional.of(Rejections.roomFull(name));
    }
    return isNameTaken(admission, room)
        ? Optional.of(Rejections.nameTaken(name, admission.name()))
        : Optional.empty();
  }

  private static boolean isNameTaken(AcceptedAdmission admission, LiveRoom room) {
    DisplayNames displayNames = room.options().displayNames();
    return !displayNames.areNumbered()
        && !room.membership.isNameFree(displayNames.key(admission.name()), admission.id());
  }

  private Optional<Rejection> checkRooms(Optional<LiveParticipant> present) {
    int limit = environment.limits().roomsPerParticipant();
    return present
        .filter(participant -> participant.roomCount() >= limit)
        .map(participant -> Rejections.tooManyRoomsJoined(limit));
  }
}
