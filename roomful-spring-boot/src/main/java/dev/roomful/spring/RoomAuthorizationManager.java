package dev.roomful.spring;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authorization.AuthenticatedAuthorizationManager;
import org.springframework.security.authorization.AuthorizationManager;
import org.springframework.security.authorization.AuthorizationResult;
import org.springframework.security.core.Authentication;

/**
 * Decides who may join which room, with one {@link AuthorizationManager} for each room:
 *
 * <pre>{@code
 * @Bean
 * AuthorizationManager<RoomAccess> roomAccess() {
 *   return RoomAuthorizationManager.builder()
 *       .room("staff", AuthorityAuthorizationManager.hasRole("STAFF"))
 *       .build();
 * }
 * }</pre>
 *
 * <p>Immutable, and safe for use by many threads.
 */
public final class RoomAuthorizationManager implements AuthorizationManager<RoomAccess> {
  private final Map<String, AuthorizationManager<? super RoomAccess>> rooms;
  private final AuthorizationManager<? super RoomAccess> anyOther;

  private RoomAuthorizationManager(Builder builder) {
    this.rooms = Map.copyOf(builder.rooms);
    this.anyOther = builder.anyOther;
  }

  /** {@return a new builder, of a manager that requires a login for all rooms} */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  public @Nullable AuthorizationResult authorize(
      Supplier<? extends @Nullable Authentication> authentication, RoomAccess access) {
    return rooms.getOrDefault(access.room(), anyOther).authorize(authentication, access);
  }

  /** Collects the rules of a {@link RoomAuthorizationManager}. Not for use by several threads. */
  public static final class Builder {
    private final Map<String, AuthorizationManager<? super RoomAccess>> rooms =
        new LinkedHashMap<>();
    private AuthorizationManager<? super RoomAccess> anyOther =
        AuthenticatedAuthorizationManager.<RoomAccess>authenticated();

    private Builder() {}

    /**
     * Sets who may join a room.
     *
     * @param name the room's name
     * @param manager decides about the room
     * @return this builder
     * @throws IllegalArgumentException if the room has a rule already
     */
    public Builder room(String name, AuthorizationManager<? super RoomAccess> manager) {
      Objects.requireNonNull(manager, "manager");
      if (rooms.putIfAbsent(name, manager) != null) {
        throw new IllegalArgumentException(
            "room \"" + name + "\" has a rule already: combine both in one AuthorizationManager");
      }
      return this;
    }

    /**
     * Sets who may join the rooms without a rule of their own.
     *
     * @param manager by default {@link AuthenticatedAuthorizationManager#authenticated}
     * @return this builder
     */
    public Builder anyOtherRoom(AuthorizationManager<? super RoomAccess> manager) {
      anyOther = Objects.requireNonNull(manager, "manager");
      return this;
    }

    /** {@return the manager} */
    public RoomAuthorizationManager build() {
      return new RoomAuthorizationManager(this);
    }
  }
}
