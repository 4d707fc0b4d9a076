"""The GraphQL server: types over the graph, mutations over the commands, and who may see what."""
