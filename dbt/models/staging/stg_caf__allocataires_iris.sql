{{ mesures_longues('caf.allocataires_iris') }}
