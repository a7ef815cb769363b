package dev.roomful.spring.autoconfigure;

import dev.roomful.Chat;
import dev.roomful.ChatObserver;
import dev.roomful.Limits;
import dev.roomful.RoomHandler;
import dev.roomful.RoomNotices;
import dev.roomful.RoomOptions;
import dev.roomful.WelcomeMessage;
import dev.roomful.admission.Authenticator;
import dev.roomful.admission.Role;
import dev.roomful.cluster.ClusterEngine;
import dev.roomful.spring.ChatBuilderCustomizer;
import java.util.concurrent.Executor;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.thread.Threading;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.ImportRuntimeHints;
import org.springframework.context.annotation.Scope;
import org.springframework.core.env.Environment;
import org.springframework.core.task.SimpleAsyncTaskExecutor;

/**
 * Makes a {@link Chat} of the application's {@link RoomHandler}, and mounts it in the servlet
 * container.
 */
@AutoConfiguration(
    after = {
      RoomfulMetricsAutoConfiguration.class,
      RoomfulRedisAutoConfiguration.class,
      RoomfulSecurityAutoConfiguration.class
    },
    afterName = {
      "org.springframework.boot.jetty.autoconfigure.servlet.JettyServletWebServerAutoConfiguration",
      "org.springframework.boot.tomcat.autoconfigure.servlet.TomcatServletWebServerAutoConfiguration"
    })
@ConditionalOnBean(RoomHandler.class)
@EnableConfigurationProperties(RoomfulProperties.class)
@ImportRuntimeHints(RoomfulRuntimeHints.class)
@Import({
  CentrifugeConfiguration.class,
  JettyMountConfiguration.class,
  TomcatMountConfiguration.class,
  ServletMountConfiguration.class,
  WebSocketContainerCheckConfiguration.class
})
public final class RoomfulAutoConfiguration {
  RoomfulAutoConfiguration() {}

  @Bean
  @ConditionalOnMissingBean
  Limits roomfulLimits(RoomfulProperties properties) {
    return properties.limits().toLimits();
  }

  /** The options of all rooms. */
  @Bean
  @ConditionalOnMissingBean
  RoomOptions roomfulRoomOptions(
      RoomfulProperties properties,
      ObjectProvider<RoomNotices> notices,
      ObjectProvider<WelcomeMessage> welcome,
      ObjectProvider<Role.Rule> roles) {
    RoomOptions options = properties.roomDefaults().applyTo(RoomOptions.defaults());
    RoomNotices uniqueNotices = notices.getIfUnique();
    if (uniqueNotices != null) {
      options = options.withNotices(uniqueNotices);
    }
    WelcomeMessage uniqueWelcome = welcome.getIfUnique();
    if (uniqueWelcome != null) {
      options = options.withWelcome(uniqueWelcome);
    }
    Role.Rule uniqueRoles = roles.getIfUnique();
    return uniqueRoles == null ? options : options.withRoles(uniqueRoles);
  }

  /** A new builder at each injection, with all settings. */
  @Bean
  @Scope(ConfigurableBeanFactory.SCOPE_PROTOTYPE)
  @ConditionalOnMissingBean
  Chat.Builder roomfulChatBuilder(
      RoomHandler handler,
      RoomfulProperties properties,
      Limits limits,
      RoomOptions roomOptions,
      ObjectProvider<Authenticator> authenticator,
      ObjectProvider<ClusterEngine> cluster,
      ObjectProvider<ChatObserver> observers,
      ObjectProvider<ChatBuilderCustomizer> customizers,
      Environment environment) {
    Chat.Builder builder =
        Chat.builder(handler)
            .limits(limits)
            .rooms(roomOptions)
            .allowOrigins(properties.allowedOrigins().toArray(String[]::new))
            .onMessageFailure(properties.onMessageFailure());
    properties.rooms().forEach((name, room) -> builder.room(name, room.applyTo(roomOptions)));
    if (properties.onlyDeclaredRooms()) {
      builder.onlyDeclaredRooms();
    }
    if (properties.requireOrigin()) {
      builder.requireOrigin();
    }
    if (properties.nonBlocking()) {
      builder.nonBlocking();
    }
    RoomfulProperties.Heartbeat heartbeat = properties.heartbeat();
    if (heartbeat.interval() != null) {
      builder.heartbeat(heartbeat.interval(), heartbeat.text());
    }
    if (Threading.VIRTUAL.isActive(environment)) {
      builder.callbackExecutor(virtualThreads());
    }
    authenticator.ifAvailable(builder::authenticator);
    cluster.ifAvailable(builder::cluster);
    observers.orderedStream().forEach(builder::observer);
    customizers.orderedStream().forEach(customizer -> customizer.customize(builder));
    return builder;
  }

  /** No bean: Boot's own executor would give way to it. */
  private static Executor virtualThreads() {
    SimpleAsyncTaskExecutor executor = new SimpleAsyncTaskExecutor("roomful-callback-");
    executor.setVirtualThreads(true);
    return executor;
  }

  @Bean
  @ConditionalOnMissingBean
  Chat roomfulChat(Chat.Builder builder) {
    return builder.build();
  }

  /** Closes the chat before the web server stops. */
  @Bean
  @ConditionalOnMissingBean(name = "roomfulChatLifecycle")
  ChatLifecycle roomfulChatLifecycle(Chat chat, ApplicationContext context) {
    return new ChatLifecycle(chat, context);
  }
}
